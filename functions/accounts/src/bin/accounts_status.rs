//! `GET /api/auth/setup/`: whether there is an account yet, and who may make one.

fn main() -> runtime::Exit {
    runtime::http(accounts::accounts_status::function)
}
