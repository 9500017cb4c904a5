//! `POST /api/auth/setup/`: make the first account, an admin's.

fn main() -> runtime::Exit {
    runtime::http(accounts::accounts_setup::function)
}
