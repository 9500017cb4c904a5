//! `POST /api/messages/{message_id}/regenerate/`: have a prompt answered once more.

fn main() -> runtime::Exit {
    runtime::http(messages::regenerate::function)
}
