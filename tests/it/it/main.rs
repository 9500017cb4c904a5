//! The functions in process: each one's routes, on a real Postgres database of the test's own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_input;
mod conversations;
mod messages;
mod openapi;
mod portal;
mod replies;
mod siblings;
mod stops;
mod template;
