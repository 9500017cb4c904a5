//! Makes a link that sets a forgotten password; invoked by the operator.

fn main() -> runtime::Exit {
    runtime::event(operations::reset_link::function)
}
