//! `POST /api/auth/logout/`: sign this browser out.

fn main() -> runtime::Exit {
    runtime::http(accounts::accounts_logout::function)
}
