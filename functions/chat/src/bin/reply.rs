//! Writes one answer.

fn main() -> runtime::Exit {
    runtime::event(chat::reply::function)
}
