//! Conversations and messages in Postgres.
//!
//! Every method takes the owner and works in a transaction that says so to Postgres, where row-level security is forced: somebody
//! else's row and no row are the same. It knows no HTTP, no Lambda and no model; what it returns and refuses is `domain`'s.
//!
//! ```no_run
//! # async fn example(url: secrecy::SecretString) -> Result<(), domain::Fault> {
//! use domain::{Clock, UserId};
//! use store::{NewConversation, Store};
//!
//! let store = Store::connect(&url, Clock::system()).await?;
//! let conversation = store.create_conversation(UserId::BUILT_IN, NewConversation::default()).await?;
//! assert_eq!(store.conversation(UserId::BUILT_IN, conversation.id).await?, conversation);
//! # Ok(())
//! # }
//! ```

mod answers;
mod connection;
mod conversations;
mod digests;
mod fault;
mod history;
mod migrate;
mod prompts;
mod rows;
mod siblings;
mod stopping;
mod transaction;

pub use answers::{Claim, ClaimedAnswer, Growth, Outcome, Standing};
pub use connection::Store;
pub use conversations::NewConversation;
pub use digests::HistorySummary;
pub use history::{HistoryPage, HistoryRange};
pub use migrate::{migrate, schema_version};
pub use prompts::{CommittedPrompt, NewPrompt};
pub use stopping::Stopping;
