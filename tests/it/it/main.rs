//! The functions in process: each one's routes, on a real Postgres database of the test's own.

mod bad_input;
mod conversations;
mod messages;
mod openapi;
mod portal;
mod template;
