//! The only place that knows Lambda and reads the environment.
//!
//! A function's binary is one line: it names the function that builds it. That one is called once per sandbox; what it returns
//! serves every invocation, several at once where the host asks for that (`AWS_LAMBDA_MAX_CONCURRENCY`), so it is shared and
//! never exclusive. `cargo lambda watch --concurrency 64` starts up to 64 processes of one invocation each; both are the same to
//! a function.
//!
//! ```no_run
//! use axum::{Router, routing::get};
//!
//! async fn function(env: runtime::Env) -> anyhow::Result<Router> {
//!     let stage = env.required("STAGE")?;
//!     Ok(Router::new().route("/api/stage", get(async move || stage.clone())))
//! }
//!
//! fn main() -> runtime::Exit {
//!     runtime::http(function)
//! }
//! ```
//!
//! It imports nothing of ours: it takes the function that it runs, and knows nothing of what that does.

mod env;
mod event;
mod http;
mod logs;
mod metric;
mod sandbox;
mod websocket;

pub use env::{Env, EnvError};
pub use event::{Handler, Invocation, event};
pub use http::{REQUEST_ID, http};
pub use metric::count;
pub use websocket::{SocketEvent, SocketHandler, SocketStep, websocket};

/// What a binary's `main` returns.
pub type Exit = std::process::ExitCode;
