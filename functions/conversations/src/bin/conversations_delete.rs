//! `DELETE /api/conversations/{conversation_id}/`: delete a conversation for good.

fn main() -> runtime::Exit {
    runtime::http(conversations::delete::function)
}
