use std::time::Duration;

use crate::Format;

/// Who answers: the closed set of providers that can be configured.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Provider {
    /// OpenAI, or another service that speaks its chat completions at `OPENAI_BASE_URL`.
    OpenAi,
    /// Anthropic.
    Anthropic,
    /// Google's Gemini.
    Gemini,
    /// LM Studio, on the operator's machines.
    LmStudio,
    /// Ollama, on the operator's machines.
    Ollama,
}

impl Provider {
    /// All providers; the first that is configured gives the default model.
    pub const ALL: [Self; 5] = [Self::OpenAi, Self::Anthropic, Self::Gemini, Self::LmStudio, Self::Ollama];

    /// What stands before the slash in the ids of its models.
    pub const fn id(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::LmStudio => "lm_studio",
            Self::Ollama => "ollama",
        }
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "OpenAI",
            Self::Anthropic => "Anthropic",
            Self::Gemini => "Gemini",
            Self::LmStudio => "LM Studio",
            Self::Ollama => "Ollama",
        }
    }

    /// The provider of this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.id() == id)
    }

    /// The setting that says where it is.
    pub(crate) const fn url_setting(self) -> &'static str {
        match self {
            Self::OpenAi => "OPENAI_BASE_URL",
            Self::Anthropic => "ANTHROPIC_BASE_URL",
            Self::Gemini => "GEMINI_BASE_URL",
            Self::LmStudio => "LM_STUDIO_URL",
            Self::Ollama => "OLLAMA_URL",
        }
    }

    /// The setting that holds its key; a local one needs none.
    pub const fn key_setting(self) -> Option<&'static str> {
        match self {
            Self::OpenAi => Some("OPENAI_API_KEY"),
            Self::Anthropic => Some("ANTHROPIC_API_KEY"),
            Self::Gemini => Some("GEMINI_API_KEY"),
            Self::LmStudio | Self::Ollama => None,
        }
    }

    /// The setting that makes it known, for sentences that say how.
    pub(crate) const fn main_setting(self) -> &'static str {
        match self.key_setting() {
            Some(setting) => setting,
            None => self.url_setting(),
        }
    }

    /// Whether it runs on the operator's machines.
    pub const fn is_local(self) -> bool {
        matches!(self, Self::LmStudio | Self::Ollama)
    }

    /// How it is talked to.
    pub(crate) const fn format(self) -> Format {
        match self {
            Self::OpenAi | Self::LmStudio | Self::Ollama => Format::OpenAiChat,
            Self::Anthropic => Format::AnthropicMessages,
            Self::Gemini => Format::GeminiGenerate,
        }
    }

    /// Where it is, when no setting says otherwise.
    pub(crate) const fn own_url(self) -> Option<&'static str> {
        match self {
            Self::OpenAi => Some("https://api.openai.com/v1"),
            Self::Anthropic => Some("https://api.anthropic.com/v1"),
            Self::Gemini => Some("https://generativelanguage.googleapis.com/v1beta"),
            Self::LmStudio | Self::Ollama => None,
        }
    }

    /// The version in its paths.
    pub(crate) const fn version_path(self) -> &'static str {
        match self {
            Self::Gemini => "/v1beta",
            Self::OpenAi | Self::Anthropic | Self::LmStudio | Self::Ollama => "/v1",
        }
    }

    /// What a model is taken to read when nobody says: what local servers set by default, or what every hosted model has by now.
    pub(crate) const fn unknown_context(self) -> u32 {
        match self {
            Self::OpenAi => 32_768,
            Self::Anthropic => 200_000,
            Self::Gemini => 1_000_000,
            Self::LmStudio | Self::Ollama => 4_096,
        }
    }
}

/// How long is waited for what. There is no limit on a whole answer: that is the caller's, who knows how long it may run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Timeouts {
    /// For the connection.
    pub connect: Duration,
    /// From the request to the first byte of the answer's body.
    pub first_byte: Duration,
    /// Between two bytes of the body; comments that keep the connection alive count.
    pub idle: Duration,
    /// Between two pieces of the answer, or before the first: a server may keep a connection alive for ever and say nothing.
    pub content: Duration,
    /// For the whole list of models.
    pub list: Duration,
}

impl Timeouts {
    /// What suits a provider: a local one may have to load the model first, which takes minutes.
    pub const fn of(provider: Provider) -> Self {
        let (first_byte, content) = match provider {
            Provider::OpenAi | Provider::Anthropic | Provider::Gemini => {
                (Duration::from_mins(1), Duration::from_mins(2))
            }
            Provider::LmStudio | Provider::Ollama => (Duration::from_mins(3), Duration::from_mins(5)),
        };
        Self {
            connect: Duration::from_secs(5),
            first_byte,
            idle: Duration::from_secs(45),
            content,
            list: Duration::from_secs(3),
        }
    }

    /// The same for a model that thinks before it answers, and may tell nothing of it for minutes.
    #[must_use]
    pub(crate) fn for_thinking(self) -> Self {
        let long = Duration::from_mins(3);
        // What somebody made short stays short.
        let longer = |time: Duration| if time >= Duration::from_secs(45) { time.max(long) } else { time };
        Self { first_byte: longer(self.first_byte), idle: longer(self.idle), content: longer(self.content), ..self }
    }
}
