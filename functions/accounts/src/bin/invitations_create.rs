//! `POST /api/admin/invitations/`: invite somebody.

fn main() -> runtime::Exit {
    runtime::http(accounts::invitations_create::function)
}
