//! `DELETE /api/auth/me/`: delete the account.

fn main() -> runtime::Exit {
    runtime::http(accounts::accounts_delete::function)
}
