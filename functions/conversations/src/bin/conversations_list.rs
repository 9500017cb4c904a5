//! `GET /api/conversations/`: a page of the caller's conversations.

fn main() -> runtime::Exit {
    runtime::http(conversations::list::function)
}
