//! `POST /api/messages/{message_id}/edit/`: say something else in a prompt's place.

fn main() -> runtime::Exit {
    runtime::http(messages::edit::function)
}
