//! Language models: one way to ask, whoever answers.
//!
//! [`Models`] knows the providers that are configured, chooses one of their models, and answers a [`Prompt`] as a stream of
//! [`Event`]s that is the same for all of them. What differs from wire format to wire format is in a codec, which is pure: bytes
//! in, events out; one loop does the waiting for all. With no provider configured the built-in offline model answers.
//!
//! This crate knows nothing of conversations, storage or sockets.
//!
//! ```
//! use domain::{FinishReason, Sender};
//! use futures::StreamExt as _;
//! use llm::{Event, LlmSettings, Models, Prompt, Turn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let models = Models::new(LlmSettings::default())?;
//! let chosen = models.choose(None).await?;
//! let turns = vec![Turn { sender: Sender::User, content: "Hello".to_owned() }];
//! let events: Vec<_> = models.answer(&chosen, Prompt { turns, ..Prompt::default() }).collect().await;
//! assert!(matches!(events.last(), Some(Ok(Event::Finished(FinishReason::Stop)))));
//! # Ok(())
//! # }
//! ```

mod answer;
mod attempts;
mod capabilities;
mod catalog;
mod codec;
mod context;
mod digest;
mod endpoint;
mod error;
mod event;
mod failure;
mod listing;
mod models;
mod offline;
mod prices;
mod prompt;
mod provider;
mod settings;

pub use answer::AnswerStream;
pub use capabilities::Capabilities;
pub use catalog::{ModelItem, ModelList, ProviderModels, ProviderState};
pub use codec::{Decoder, Format, Progress};
pub use context::{estimate_prompt, estimate_tokens};
pub use digest::{CONDENSING_VERSION, Made};
pub use error::{LlmError, LlmErrorKind};
pub use event::Event;
pub use models::{Chosen, Models};
pub use prompt::{AnswerOptions, Prompt, Retry, Shape, Turn};
pub use provider::{Provider, Timeouts};
pub use settings::{LlmSettings, SettingsError, parse_base_url};
