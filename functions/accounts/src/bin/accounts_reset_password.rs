//! `POST /api/auth/reset/`: set a new password with a link.

fn main() -> runtime::Exit {
    runtime::http(accounts::accounts_reset_password::function)
}
