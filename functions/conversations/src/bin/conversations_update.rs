//! `PATCH /api/conversations/{conversation_id}/`: change some fields of a conversation.

fn main() -> runtime::Exit {
    runtime::http(conversations::update::function)
}
