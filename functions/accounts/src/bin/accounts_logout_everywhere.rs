//! `POST /api/auth/logout_everywhere/`: sign all browsers out.

fn main() -> runtime::Exit {
    runtime::http(accounts::accounts_logout_everywhere::function)
}
