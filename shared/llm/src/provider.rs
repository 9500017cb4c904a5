use std::time::Duration;

/// Who answers: the closed set of providers that can be configured.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Provider {
    /// OpenAI, or another service that speaks its chat completions at `OPENAI_BASE_URL`.
    OpenAi,
    /// LM Studio, on the operator's machines.
    LmStudio,
    /// Ollama, on the operator's machines.
    Ollama,
}

impl Provider {
    /// All providers; the first that is configured gives the default model.
    pub const ALL: [Self; 3] = [Self::OpenAi, Self::LmStudio, Self::Ollama];

    /// What stands before the slash in the ids of its models.
    pub const fn id(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::LmStudio => "lm_studio",
            Self::Ollama => "ollama",
        }
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "OpenAI",
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
            Self::LmStudio => "LM_STUDIO_URL",
            Self::Ollama => "OLLAMA_URL",
        }
    }

    /// The setting that makes it known, for sentences that say how.
    pub(crate) const fn main_setting(self) -> &'static str {
        match self {
            Self::OpenAi => "OPENAI_API_KEY",
            Self::LmStudio | Self::Ollama => self.url_setting(),
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
    /// For the whole list of models.
    pub list: Duration,
}

impl Timeouts {
    /// What suits a provider: a local one may have to load the model first, which takes minutes.
    pub const fn of(provider: Provider) -> Self {
        let first_byte = match provider {
            Provider::OpenAi => Duration::from_mins(1),
            Provider::LmStudio | Provider::Ollama => Duration::from_mins(3),
        };
        Self {
            connect: Duration::from_secs(5),
            first_byte,
            idle: Duration::from_secs(45),
            list: Duration::from_secs(3),
        }
    }
}
