//! `GET /api/conversations/{conversation_id}/messages/`: page through the messages of a conversation.

fn main() -> runtime::Exit {
    runtime::http(conversations::messages::function)
}
