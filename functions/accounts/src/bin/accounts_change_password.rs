//! `POST /api/auth/password/`: choose another password.

fn main() -> runtime::Exit {
    runtime::http(accounts::accounts_change_password::function)
}
