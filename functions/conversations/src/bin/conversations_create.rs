//! `POST /api/conversations/`: start a conversation.

fn main() -> runtime::Exit {
    runtime::http(conversations::create::function)
}
