//! `PATCH /api/auth/me/`: change settings of the account.

fn main() -> runtime::Exit {
    runtime::http(accounts::accounts_update::function)
}
