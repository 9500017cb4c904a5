//! The store on a real Postgres, a database a test.

mod isolation;
mod prompts;
