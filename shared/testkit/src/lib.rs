//! What the tests of every crate are built from: real parts, and peers that follow a script.
//!
//! It panics where a test cannot go on, because a backtrace says more than an error that is passed up.

mod database;

pub use database::Database;
