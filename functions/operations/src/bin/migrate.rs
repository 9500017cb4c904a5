//! Brings the database to this version; invoked once by every deployment, before its functions take requests.

fn main() -> runtime::Exit {
    runtime::event(operations::migrate::function)
}
