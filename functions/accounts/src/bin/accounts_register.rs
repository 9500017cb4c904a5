//! `POST /api/auth/register/`: make an account.

fn main() -> runtime::Exit {
    runtime::http(accounts::accounts_register::function)
}
