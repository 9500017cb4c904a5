use std::error::Error;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use crate::MessageId;

/// What is wrong with one field of a request.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct FieldError {
    /// The field, as a path into the body (`content`, `items.0.text`) or the name of a parameter.
    pub field: String,
    /// What was expected of it, as a clause that follows the field's name.
    pub reason: String,
}

/// A state that forbids what was asked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Conflict {
    /// The conversation has ended and takes no more messages.
    ConversationEnded,
    /// An answer is being written; one conversation has at most one.
    AnswerRunning(MessageId),
    /// The object changed since the version the caller named; the current one is given.
    VersionMismatch(i64),
    /// Somebody has an account with this e-mail address.
    EmailTaken,
    /// Nobody else could let people in, and there are other people.
    LastAdmin,
}

/// The few outcomes that callers act on differently. It knows nothing of HTTP: [`crate::Problem`] is its outside view.
#[derive(Debug, Error)]
pub enum Fault {
    /// The request cannot be understood as a whole (not JSON, not UTF-8, a missing header).
    #[error("malformed request: {0}")]
    Malformed(String),
    /// Fields are missing, unknown or out of bounds.
    #[error("invalid fields")]
    Invalid(Vec<FieldError>),
    /// The request is larger than what is accepted, which is given in bytes.
    #[error("request over {0} bytes")]
    TooLarge(usize),
    /// No such object, or somebody else's: the two are not told apart.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// Nobody is signed in: no credential, or one that is not, or not any more, good. Why is not told.
    #[error("not signed in")]
    Unauthenticated,
    /// The e-mail address or the password is not right. Which is not told.
    #[error("sign-in failed")]
    SignInFailed,
    /// Too often; worth trying again after that many seconds.
    #[error("rate limited")]
    RateLimited {
        /// Seconds to wait before trying again.
        retry_after: u32,
    },
    /// The object's state forbids it.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// The caller may not do this.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// Something we depend on does not answer; worth trying again after that many seconds.
    #[error("{dependency} unavailable")]
    Unavailable {
        /// What does not answer, in words for the person.
        dependency: &'static str,
        /// Seconds to wait before trying again.
        retry_after: u32,
        /// Why, for the log.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// A defect or a broken promise of ours; the source goes to the log and nowhere else.
    #[error("internal error")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl Fault {
    /// One invalid field.
    pub fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), reason: reason.into() }])
    }

    /// A defect, with its cause.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// Whether a person of ours should look at it.
    pub const fn is_ours(&self) -> bool {
        matches!(self, Self::Internal(_) | Self::Unavailable { .. })
    }
}

impl From<Conflict> for Fault {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}
