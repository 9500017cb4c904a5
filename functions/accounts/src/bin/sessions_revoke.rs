//! `DELETE /api/auth/sessions/{session_id}/`: sign another browser out.

fn main() -> runtime::Exit {
    runtime::http(accounts::sessions_revoke::function)
}
