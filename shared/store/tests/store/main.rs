//! The store on a real Postgres, a database a test.

#![expect(clippy::unwrap_used, reason = "what the tests share is not in a test for the lint")]

mod answers;
mod checkpoints;
mod connection;
mod conversations;
mod deletion;
mod history;
mod interruption;
mod isolation;
mod listing;
mod migrations;
mod past_the_store;
mod plans;
mod prompts;
mod proxy;
mod rights;
mod scene;
mod siblings;
mod stopping;
mod titles;
mod trees;
