//! `POST /api/messages/`: say something, and have it answered.

fn main() -> runtime::Exit {
    runtime::http(messages::create::function)
}
