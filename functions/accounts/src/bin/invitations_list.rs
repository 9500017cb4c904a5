//! `GET /api/admin/invitations/`: the invitations that can be taken.

fn main() -> runtime::Exit {
    runtime::http(accounts::invitations_list::function)
}
