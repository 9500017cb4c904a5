//! Makes the code that the first account needs, while there is none; invoked by the operator.

fn main() -> runtime::Exit {
    runtime::event(operations::setup_link::function)
}
