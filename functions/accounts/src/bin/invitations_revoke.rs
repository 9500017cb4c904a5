//! `DELETE /api/admin/invitations/{invitation_id}/`: take an invitation back.

fn main() -> runtime::Exit {
    runtime::http(accounts::invitations_revoke::function)
}
