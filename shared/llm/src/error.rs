use std::error::Error;
use std::time::Duration;

use domain::{Fault, Problem, ProblemCode};
use thiserror::Error;

use crate::Provider;
use crate::capabilities::Parameter;

/// Why there is no answer, or no whole one.
///
/// It keeps what the provider did, never what it said: a provider's words may repeat the prompt or the key.
#[derive(Debug, Error)]
#[error("{}{}", self.kind, self.place())]
pub struct LlmError {
    /// What happened.
    pub kind: LlmErrorKind,
    /// The provider that was asked.
    pub provider: Option<Provider>,
    /// The HTTP status, where there was a response.
    pub status: Option<u16>,
    /// How long the provider asks to wait.
    pub retry_after: Option<Duration>,
    /// The provider's name for the request, to ask its support with.
    pub provider_request_id: Option<String>,
    /// Whether text of the answer was given out before it happened.
    pub(crate) after_text: bool,
    /// What of the request the model does not take.
    pub(crate) refused: Option<Parameter>,
    /// The cause below, for the log.
    #[source]
    pub(crate) source: Option<Box<dyn Error + Send + Sync>>,
}

/// What happened, told apart where somebody acts differently.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("{}", self.headline())]
pub enum LlmErrorKind {
    /// The named model belongs to no provider that we know.
    UnknownProvider,
    /// The named model's provider has no settings.
    NotConfigured,
    /// No model was named, and the configured provider offers none.
    NoModel,
    /// The provider refuses the key.
    BadKey,
    /// The account has nothing left to spend.
    QuotaUsedUp,
    /// Too many requests in a short time.
    RateLimited,
    /// The provider fails or is overloaded.
    ProviderDown,
    /// The prompt is longer than the model's context.
    ContextTooLong,
    /// The provider takes the request for wrong.
    RequestRefused,
    /// The provider has no such model, or none loaded.
    ModelNotFound,
    /// No connection, or it broke.
    Unreachable,
    /// Nothing came for too long.
    TimedOut,
    /// The stream ended before the answer did.
    Truncated,
    /// The limit of an answer was reached before its first word.
    NothingWithinLimit,
    /// What came is not what such a provider sends, or far too much of it.
    NotUnderstood,
}

impl LlmErrorKind {
    /// Whether the same request may well be answered a moment later.
    pub(crate) const fn passes(self) -> bool {
        matches!(self, Self::RateLimited | Self::ProviderDown | Self::Unreachable | Self::TimedOut | Self::Truncated)
    }

    const fn headline(self) -> &'static str {
        match self {
            Self::UnknownProvider => "the model belongs to no known provider",
            Self::NotConfigured => "the model's provider is not configured",
            Self::NoModel => "the provider offers no model",
            Self::BadKey => "the provider refused the key",
            Self::QuotaUsedUp => "the account's quota is used up",
            Self::RateLimited => "the provider limits the rate of requests",
            Self::ProviderDown => "the provider failed",
            Self::ContextTooLong => "the prompt exceeds the model's context",
            Self::RequestRefused => "the provider refused the request",
            Self::ModelNotFound => "the provider does not have the model",
            Self::Unreachable => "the connection to the provider failed",
            Self::TimedOut => "the provider sent nothing for too long",
            Self::Truncated => "the stream ended before the answer did",
            Self::NothingWithinLimit => "the limit of an answer was reached before its first word",
            Self::NotUnderstood => "the provider's response was not understood",
        }
    }
}

impl LlmError {
    pub(crate) const fn new(kind: LlmErrorKind, provider: Option<Provider>) -> Self {
        Self {
            kind,
            provider,
            status: None,
            retry_after: None,
            provider_request_id: None,
            after_text: false,
            refused: None,
            source: None,
        }
    }

    pub(crate) fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Whether the answer broke off after some of its text: what there is of it is worth keeping.
    pub const fn is_cut(&self) -> bool {
        self.after_text
    }

    /// What the person is told: what happened, and what to do about it.
    pub fn problem(&self) -> Problem {
        let detail = self.sentence();
        if matches!(self.kind, LlmErrorKind::UnknownProvider | LlmErrorKind::NotConfigured) {
            return Problem::from(&Fault::invalid("model", detail));
        }
        let code = match self.kind {
            _ if self.after_text => ProblemCode::AnswerCut,
            LlmErrorKind::RateLimited | LlmErrorKind::ProviderDown => ProblemCode::Unavailable,
            _ => ProblemCode::ProviderFailed,
        };
        Problem { retry_after: self.retry_after.map(whole_seconds), ..Problem::new(code, detail) }
    }

    fn name(&self) -> &'static str {
        self.provider.map_or("The provider", Provider::name)
    }

    fn place(&self) -> String {
        let provider = self.provider.map(|provider| format!(" ({})", provider.id())).unwrap_or_default();
        let status = self.status.map(|status| format!(", status {status}")).unwrap_or_default();
        let cut = if self.after_text { ", after text" } else { "" };
        format!("{provider}{status}{cut}")
    }

    fn sentence(&self) -> String {
        let name = self.name();
        let setting = self.provider.map_or("the settings", Provider::main_setting);
        let local = self.provider.is_some_and(Provider::is_local);
        let kept = if self.after_text { " What was written so far is kept." } else { "" };
        match self.kind {
            LlmErrorKind::UnknownProvider => {
                "must begin with the name of a provider (openai, anthropic, gemini, lm_studio, ollama) and a slash, or be `offline`".to_owned()
            }
            LlmErrorKind::NotConfigured => {
                format!("names a model of {name}, which is not configured: set {setting}, or choose another model")
            }
            LlmErrorKind::NoModel if local => format!("{name} offers no model. Load one there, or choose another provider."),
            LlmErrorKind::NoModel => format!("{name} offers no model that can chat. Set DEFAULT_MODEL, or choose a model."),
            LlmErrorKind::BadKey if local => {
                format!("{name} wants a key, which Recollect does not send it. Turn authentication off there.{kept}")
            }
            LlmErrorKind::BadKey => format!("{name} refused the key. Check {setting}.{kept}"),
            LlmErrorKind::QuotaUsedUp => {
                format!("The account at {name} has nothing left to spend. Add credit there, or choose another model.{kept}")
            }
            LlmErrorKind::RateLimited => match self.retry_after.map(whole_seconds) {
                Some(seconds) => format!("{name} takes no more requests right now. Try again in {seconds} seconds.{kept}"),
                None => format!("{name} takes no more requests right now. Try again in a minute.{kept}"),
            },
            LlmErrorKind::ProviderDown => format!("{name} failed. Try again, or choose another model.{kept}"),
            LlmErrorKind::ContextTooLong => {
                format!("This is longer than the model can read. Shorten it, or choose a model with a larger context.{kept}")
            }
            LlmErrorKind::RequestRefused => {
                format!("{name} does not accept this request for this model. Choose another model.{kept}")
            }
            LlmErrorKind::ModelNotFound if local => {
                format!("{name} does not have this model. Load it there, or choose another one.{kept}")
            }
            LlmErrorKind::ModelNotFound => format!("{name} does not have this model. Choose another one.{kept}"),
            LlmErrorKind::Unreachable if self.after_text => {
                format!("The connection to {name} broke. What was written so far is kept; ask again for a whole answer.")
            }
            LlmErrorKind::Unreachable if local => {
                format!("{name} cannot be reached. Start its server, check {setting}, or choose another model.")
            }
            LlmErrorKind::Unreachable => format!("{name} cannot be reached. Try again, or choose another model."),
            LlmErrorKind::TimedOut => format!("{name} sent nothing for too long. Try again, or choose another model.{kept}"),
            LlmErrorKind::Truncated => {
                format!("{name} ended the answer before it was whole.{kept} Ask again for a whole one.")
            }
            LlmErrorKind::NothingWithinLimit => {
                "The model used up the length of an answer before its first word. Ask for less, or choose another model."
                    .to_owned()
            }
            LlmErrorKind::NotUnderstood => {
                let place = self.provider.map_or("its address", Provider::url_setting);
                format!("{name} sent something that is not an answer. Check {place}, or choose another model.{kept}")
            }
        }
    }
}

fn whole_seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_broke_after_text_is_a_cut_answer() {
        let mut error = LlmError::new(LlmErrorKind::Truncated, Some(Provider::OpenAi));
        assert_eq!(error.problem().kind, "/problems/provider-failed");
        error.after_text = true;
        assert!(error.is_cut());
        assert_eq!(error.problem().kind, "/problems/answer-cut");
        assert!(error.problem().detail.contains("is kept"));
    }

    #[test]
    fn a_wait_is_told_in_words_and_as_a_number() {
        let error = LlmError {
            retry_after: Some(Duration::from_millis(1_200)),
            ..LlmError::new(LlmErrorKind::RateLimited, Some(Provider::OpenAi))
        };
        let problem = error.problem();
        assert_eq!(problem.retry_after, Some(2));
        assert_eq!(problem.kind, "/problems/unavailable");
        assert_eq!(problem.detail, "OpenAI takes no more requests right now. Try again in 2 seconds.");
    }

    #[test]
    fn a_model_that_cannot_be_chosen_is_a_fault_of_the_field() {
        let problem = LlmError::new(LlmErrorKind::NotConfigured, Some(Provider::Ollama)).problem();
        assert_eq!(problem.status, 422);
        assert_eq!(problem.errors[0].field, "model");
        assert!(problem.detail.contains("OLLAMA_URL"));
    }

    #[test]
    fn the_log_line_names_provider_and_status() {
        let error = LlmError { status: Some(529), ..LlmError::new(LlmErrorKind::ProviderDown, Some(Provider::OpenAi)) };
        assert_eq!(error.to_string(), "the provider failed (openai), status 529");
    }
}
