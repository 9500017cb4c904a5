//! `POST /api/auth/login/`: sign in.

fn main() -> runtime::Exit {
    runtime::http(accounts::accounts_login::function)
}
