//! The far end of a language model's API, on a real socket: it speaks as OpenAI, Anthropic and Gemini do, and follows a script.
//!
//! A [`Peer`] runs inside the test that made it; the binary `scripted_peer` is the same for other processes, told what to do
//! over HTTP (see [`control`]). Without a script it answers every prompt with the same few paragraphs of Markdown.

mod answers;
mod connection;
pub mod control;
mod dialect;
mod fixtures;
mod request;
mod script;
mod server;

pub use dialect::Dialect;
pub use fixtures::{FIXTURES, Fixture, fixture};
pub use request::{Ending, PeerRequest};
pub use script::{Framing, Script, Step};
pub use server::Peer;
