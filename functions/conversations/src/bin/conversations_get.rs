//! `GET /api/conversations/{conversation_id}/`: a conversation with its newest messages.

fn main() -> runtime::Exit {
    runtime::http(conversations::get::function)
}
