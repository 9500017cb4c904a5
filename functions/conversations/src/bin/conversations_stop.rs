//! `POST /api/conversations/{conversation_id}/stop/`: end an answer that is being written.

fn main() -> runtime::Exit {
    runtime::http(conversations::stop::function)
}
