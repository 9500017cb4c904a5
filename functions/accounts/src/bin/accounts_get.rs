//! `GET /api/auth/me/`: who is asking.

fn main() -> runtime::Exit {
    runtime::http(accounts::accounts_get::function)
}
