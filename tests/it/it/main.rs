//! The functions in process: each one's routes, on a real Postgres database of the test's own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod abuse;
mod accounts;
mod authorization;
mod bad_input;
mod callers;
mod conversations;
mod fuzz;
mod matrix;
mod messages;
mod openapi;
mod portal;
mod replies;
mod sockets;
mod template;
