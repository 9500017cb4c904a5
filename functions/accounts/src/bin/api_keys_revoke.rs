//! `DELETE /api/auth/api_keys/{api_key_id}/`: revoke a key.

fn main() -> runtime::Exit {
    runtime::http(accounts::api_keys_revoke::function)
}
