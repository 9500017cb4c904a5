//! What Recollect is about: people, conversations, messages and what can go wrong with them.
//!
//! This crate is pure. It knows no database, no network, no Lambda and no HTTP framework; everything else may import it and
//! it imports nothing of ours. Values are parsed once, at the edge, into types that cannot hold anything else:
//!
//! ```
//! use domain::{Content, Fault};
//!
//! let content = Content::parse("content", "What did we decide?")?;
//! assert_eq!(content.as_str(), "What did we decide?");
//! assert!(matches!(Content::parse("content", "  "), Err(Fault::Invalid(_))));
//! # Ok::<(), Fault>(())
//! ```

mod account;
mod clock;
mod conversation;
mod credential;
mod cursor;
mod fault;
mod ids;
mod lifetimes;
mod message;
mod patch;
mod problem;
mod text;
mod utf16;

pub use account::{
    Account, AccountPatch, Deleted, Email, Invitation, KeyName, Language, Role, Scope, Session, SignUp, StoredApiKey,
    TimeZone, UserAgent,
};
pub use clock::Clock;
pub use conversation::{
    Conversation, ConversationFilter, ConversationItem, ConversationPatch, Kind, Sentiment, Status, SummaryStatus,
    TitleBy,
};
pub use credential::{Credential, CredentialId, Identity, TokenHash};
pub use cursor::{ConversationCursor, Page};
pub use fault::{Conflict, Fault, FieldError};
pub use ids::{ApiKeyId, ConversationId, InvitationId, MessageId, SessionId, UserId};
pub use lifetimes::{INVITATION_LIFE, RESET_LINK_LIFE, SESSION_IDLE, SESSION_LIFE, TICKET_LIFE};
pub use message::{AnswerState, ConversationUsage, FinishReason, Message, MessageStatus, Notice, Sender, Usage};
pub use patch::Patch;
pub use problem::{Problem, ProblemCode};
pub use text::{ClientId, Content, Instructions, ModelId, SearchText, Title};
pub use utf16::{utf16_len, utf16_prefix};
