use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Conflict, Fault, FieldError, MessageId};

/// The stable name of a kind of problem; the last segment of [`Problem::kind`].
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// The request cannot be understood as a whole.
    Malformed,
    /// One or more fields are wrong; `errors` says which.
    Invalid,
    /// Body or frame over the limit.
    TooLarge,
    /// No such object.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// Nobody is signed in.
    Unauthenticated,
    /// The e-mail address or the password is not right.
    SignInFailed,
    /// The caller may not do this.
    Forbidden,
    /// Too many of these; `retry_after` says when the next one is taken.
    RateLimited,
    /// Somebody has an account with this e-mail address.
    EmailTaken,
    /// The only admin cannot leave the others alone.
    LastAdmin,
    /// The conversation takes no more messages.
    ConversationEnded,
    /// An answer is being written; `message_id` says which.
    AnswerRunning,
    /// The object changed since it was read.
    VersionMismatch,
    /// Something we depend on does not answer.
    Unavailable,
    /// The model's provider could not answer.
    ProviderFailed,
    /// The model's answer was cut off.
    AnswerCut,
    /// A defect of ours.
    Internal,
}

impl ProblemCode {
    /// All codes, in the order of the documentation.
    pub const ALL: [Self; 18] = [
        Self::Malformed,
        Self::Invalid,
        Self::TooLarge,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Unauthenticated,
        Self::SignInFailed,
        Self::Forbidden,
        Self::RateLimited,
        Self::EmailTaken,
        Self::LastAdmin,
        Self::ConversationEnded,
        Self::AnswerRunning,
        Self::VersionMismatch,
        Self::Unavailable,
        Self::ProviderFailed,
        Self::AnswerCut,
        Self::Internal,
    ];

    /// The code as it stands in the `type` member.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Invalid => "invalid",
            Self::TooLarge => "too-large",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Unauthenticated => "unauthenticated",
            Self::SignInFailed => "sign-in-failed",
            Self::Forbidden => "forbidden",
            Self::RateLimited => "rate-limited",
            Self::EmailTaken => "email-taken",
            Self::LastAdmin => "last-admin",
            Self::ConversationEnded => "conversation-ended",
            Self::AnswerRunning => "answer-running",
            Self::VersionMismatch => "version-mismatch",
            Self::Unavailable => "unavailable",
            Self::ProviderFailed => "provider-failed",
            Self::AnswerCut => "answer-cut",
            Self::Internal => "internal",
        }
    }

    /// The HTTP status it answers with.
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Unauthenticated | Self::SignInFailed => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::ConversationEnded | Self::AnswerRunning | Self::EmailTaken | Self::LastAdmin => 409,
            Self::VersionMismatch => 412,
            Self::TooLarge => 413,
            Self::Invalid => 422,
            Self::RateLimited => 429,
            Self::Internal => 500,
            Self::ProviderFailed | Self::AnswerCut => 502,
            Self::Unavailable => 503,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Malformed => "The request could not be read",
            Self::Invalid => "Some fields are not valid",
            Self::TooLarge => "The request is too large",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::Unauthenticated => "Sign in first",
            Self::SignInFailed => "Not signed in",
            Self::Forbidden => "Not allowed",
            Self::RateLimited => "Too many requests",
            Self::EmailTaken => "There is such an account",
            Self::LastAdmin => "The only admin",
            Self::ConversationEnded => "The conversation has ended",
            Self::AnswerRunning => "An answer is being written",
            Self::VersionMismatch => "Changed in the meantime",
            Self::Unavailable => "Temporarily unavailable",
            Self::ProviderFailed => "The model did not answer",
            Self::AnswerCut => "The answer was cut off",
            Self::Internal => "Something went wrong on our side",
        }
    }
}

/// What went wrong, for the person and the program that asked: the body of an error response (RFC 9457), of an `error` frame
/// and of a failed answer. It never holds internal text, a secret or a provider's words.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct Problem {
    /// The kind, as a path that stays the same: `/problems/not-found`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This occurrence in words, and what to do about it.
    pub detail: String,
    /// Names this request in the logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What is wrong, field by field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The answer that is being written, for `answer-running`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// Seconds to wait before trying again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A problem of this kind, with the sentence for this occurrence.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            request_id: None,
            errors: Vec::new(),
            message_id: None,
            retry_after: None,
        }
    }

    /// The same problem with the request's id.
    #[must_use]
    pub fn with_request_id(mut self, request_id: impl Into<String>) -> Self {
        self.request_id = Some(request_id.into());
        self
    }
}

impl From<&Fault> for Problem {
    fn from(fault: &Fault) -> Self {
        match fault {
            Fault::Malformed(reason) => Self::new(ProblemCode::Malformed, format!("{reason}.")),
            Fault::Invalid(errors) => {
                let all = errors.iter().map(|error| format!("`{}` {}", error.field, error.reason));
                let detail = format!("{}.", all.collect::<Vec<_>>().join("; "));
                Self { errors: errors.clone(), ..Self::new(ProblemCode::Invalid, detail) }
            }
            Fault::TooLarge(limit) => {
                Self::new(ProblemCode::TooLarge, format!("At most {limit} bytes are accepted here."))
            }
            Fault::NotFound(what) => Self::new(ProblemCode::NotFound, format!("There is no such {what}.")),
            Fault::Unauthenticated => Self::new(
                ProblemCode::Unauthenticated,
                "Sign in, or send an API key that is valid: `Authorization: Bearer <key>`.",
            ),
            Fault::SignInFailed => {
                Self::new(ProblemCode::SignInFailed, "The e-mail address or the password is not right.")
            }
            Fault::RateLimited { retry_after } => Self {
                retry_after: Some(*retry_after),
                ..Self::new(
                    ProblemCode::RateLimited,
                    format!("Too many attempts. The next one is taken in {}.", seconds(*retry_after)),
                )
            },
            Fault::Conflict(Conflict::EmailTaken) => {
                Self::new(ProblemCode::EmailTaken, "There is an account with this e-mail address. Sign in with it.")
            }
            Fault::Conflict(Conflict::LastAdmin) => Self::new(
                ProblemCode::LastAdmin,
                "You are the only admin, and there are other accounts: invite another admin before you leave.",
            ),
            Fault::Forbidden(why) => Self::new(ProblemCode::Forbidden, format!("{why}.")),
            Fault::Conflict(Conflict::ConversationEnded) => {
                Self::new(ProblemCode::ConversationEnded, "This conversation has ended and takes no more messages.")
            }
            Fault::Conflict(Conflict::AnswerRunning(id)) => Self {
                message_id: Some(*id),
                ..Self::new(ProblemCode::AnswerRunning, "Wait until the running answer has finished, or stop it.")
            },
            Fault::Conflict(Conflict::VersionMismatch(current)) => Self::new(
                ProblemCode::VersionMismatch,
                format!("It is at version {current} now. Read it again, then repeat."),
            ),
            Fault::Unavailable { dependency, retry_after, .. } => Self {
                retry_after: Some(*retry_after),
                ..Self::new(
                    ProblemCode::Unavailable,
                    format!("{dependency} does not answer. Try again in {retry_after} seconds."),
                )
            },
            Fault::Internal(_) => Self::new(ProblemCode::Internal, "The error has been logged. Trying again may help."),
        }
    }
}

fn seconds(count: u32) -> String {
    if count == 1 { "1 second".to_owned() } else { format!("{count} seconds") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_written_the_same_in_the_type_and_as_a_value() {
        for code in ProblemCode::ALL {
            assert_eq!(serde_json::to_value(code).ok(), Some(code.as_str().into()));
        }
    }

    #[test]
    fn an_internal_fault_keeps_its_source_to_itself() {
        let problem = Problem::from(&Fault::internal("password=hunter2"));
        assert!(!serde_json::to_string(&problem).unwrap_or_default().contains("hunter2"));
    }

    #[test]
    fn an_invalid_field_is_named_in_words_and_in_the_list() {
        let problem = Problem::from(&Fault::invalid("content", "must not be empty"));
        assert_eq!(problem.detail, "`content` must not be empty.");
        assert_eq!(problem.errors[0].field, "content");
        assert_eq!(problem.status, 422);
    }
}
