use std::sync::Arc;

use domain::{Clock, ModelId};
use futures::StreamExt as _;
use futures::future::join_all;
use futures::stream;

use crate::answer::{self, AnswerStream};
use crate::endpoint::Endpoint;
use crate::listing::{KNOWN_GOOD, Listing, context_tokens};
use crate::{
    AnswerOptions, LlmError, LlmErrorKind, LlmSettings, ModelItem, ModelList, Prompt, Provider, ProviderModels,
    ProviderState, SettingsError, Timeouts, offline,
};

/// The language models that are configured. Cheap to clone; made once in a process, because it keeps connections.
#[derive(Clone, Debug)]
pub struct Models {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    default_model: Option<String>,
    listings: Vec<Listing>,
    clock: Clock,
}

/// A model that was chosen to answer.
#[derive(Clone, Debug)]
pub struct Chosen {
    id: String,
    target: Target,
}

#[derive(Clone, Debug)]
enum Target {
    Offline,
    Remote { endpoint: Arc<Endpoint>, model: String, context_tokens: u32 },
}

impl Chosen {
    /// The model, as `provider/model`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The provider's part of it.
    pub fn provider(&self) -> &str {
        match &self.target {
            Target::Offline => ModelId::OFFLINE,
            Target::Remote { endpoint, .. } => endpoint.provider.id(),
        }
    }
}

impl Models {
    /// The models of these settings. Nothing is asked of a provider yet.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting that cannot be used, and why.
    pub fn new(settings: LlmSettings) -> Result<Self, SettingsError> {
        Self::with(settings, Timeouts::of, Clock::system())
    }

    /// The same with other timeouts and another clock.
    ///
    /// # Errors
    /// As [`Models::new`].
    pub fn with(
        settings: LlmSettings,
        timeouts: impl Fn(Provider) -> Timeouts,
        clock: Clock,
    ) -> Result<Self, SettingsError> {
        let mut listings = Vec::new();
        for provider in Provider::ALL {
            if let Some((url, key)) = settings.place(provider) {
                listings.push(Listing::new(Endpoint::new(provider, &url, key, timeouts(provider))?));
            }
        }
        let default_model = settings.default_model.filter(|model| !model.trim().is_empty());
        if default_model.as_deref().is_some_and(|model| parse(model).is_err()) {
            let reason = "must be a provider and a model, as openai/gpt-5-mini, lm_studio/qwen3-8b or ollama/llama3.2";
            return Err(SettingsError { setting: "DEFAULT_MODEL", reason });
        }
        Ok(Self { inner: Arc::new(Inner { default_model, listings, clock }) })
    }

    /// The providers and their models, asked of them now or a few seconds ago. A provider that does not answer has a state.
    pub async fn list(&self) -> ModelList {
        let listings = self.inner.listings.iter().map(|listing| listing.read(&self.inner.clock));
        let mut providers = join_all(listings).await;
        let default = match (&self.inner.default_model, self.inner.listings.first(), providers.first()) {
            (Some(model), ..) => self.named(model).ok().map(|chosen| chosen.id),
            (None, Some(listing), Some(offered)) => first_model(listing, offered),
            (None, ..) => Some(ModelId::OFFLINE.to_owned()),
        };
        providers.push(built_in());
        ModelList { default, providers }
    }

    /// The model that is to answer: the named one, or else `DEFAULT_MODEL`, or else the first model of the first configured
    /// provider, or else, only when none is configured, the offline model.
    pub async fn choose(&self, wanted: Option<&str>) -> Result<Chosen, LlmError> {
        if let Some(model) = wanted.or(self.inner.default_model.as_deref()) {
            return self.named(model);
        }
        let Some(listing) = self.inner.listings.first() else {
            return self.named(ModelId::OFFLINE);
        };
        if listing.endpoint.is_openai_itself() {
            // Not worth a round trip before every first answer of a process.
            return self.named(KNOWN_GOOD);
        }
        let offered = listing.read_lately(&self.inner.clock).await;
        match first_model(listing, &offered) {
            Some(model) => self.named(&model),
            None => Err(LlmError::new(
                match offered.state {
                    ProviderState::BadKey => LlmErrorKind::BadKey,
                    ProviderState::Unreachable => LlmErrorKind::Unreachable,
                    ProviderState::Ready | ProviderState::NoModels => LlmErrorKind::NoModel,
                },
                Some(listing.endpoint.provider),
            )),
        }
    }

    /// The model's answer. Dropping the stream ends the request to the provider.
    pub fn answer(&self, chosen: &Chosen, prompt: Prompt) -> AnswerStream {
        self.answer_with(chosen, prompt, AnswerOptions::default())
    }

    /// The same with something to ask of the answer.
    pub fn answer_with(&self, chosen: &Chosen, prompt: Prompt, options: AnswerOptions) -> AnswerStream {
        match &chosen.target {
            Target::Offline => {
                let alone = self.inner.listings.is_empty();
                stream::iter(offline::answer(alone).into_iter().map(Ok)).boxed()
            }
            Target::Remote { endpoint, model, context_tokens } => {
                answer::stream(endpoint, model, *context_tokens, prompt, options, self.inner.clock.clone())
            }
        }
    }

    fn named(&self, id: &str) -> Result<Chosen, LlmError> {
        let Some((provider, model)) = parse(id)? else {
            return Ok(Chosen { id: ModelId::OFFLINE.to_owned(), target: Target::Offline });
        };
        let listing = self.inner.listings.iter().find(|listing| listing.endpoint.provider == provider);
        let listing = listing.ok_or_else(|| LlmError::new(LlmErrorKind::NotConfigured, Some(provider)))?;
        let context_tokens = listing
            .known_context(id)
            .unwrap_or_else(|| context_tokens(&listing.endpoint, model).unwrap_or_else(|| unknown_context(provider)));
        let target =
            Target::Remote { endpoint: Arc::clone(&listing.endpoint), model: model.to_owned(), context_tokens };
        Ok(Chosen { id: id.to_owned(), target })
    }
}

/// What a model is taken to read when nobody says: what local servers set by default, or what every hosted model has by now.
const fn unknown_context(provider: Provider) -> u32 {
    match provider {
        Provider::OpenAi => 32_768,
        Provider::LmStudio | Provider::Ollama => 4_096,
    }
}

/// The provider and the model of an id; `None` is the offline model.
fn parse(id: &str) -> Result<Option<(Provider, &str)>, LlmError> {
    if id == ModelId::OFFLINE {
        return Ok(None);
    }
    id.split_once('/')
        .filter(|(_, model)| !model.is_empty())
        .and_then(|(provider, model)| Some((Provider::from_id(provider)?, model)))
        .map(Some)
        .ok_or_else(|| LlmError::new(LlmErrorKind::UnknownProvider, None))
}

/// The model that a provider answers with when none is named.
fn first_model(listing: &Listing, offered: &ProviderModels) -> Option<String> {
    if listing.endpoint.is_openai_itself() {
        return Some(KNOWN_GOOD.to_owned());
    }
    offered.models.first().map(|model| model.id.clone())
}

fn built_in() -> ProviderModels {
    ProviderModels {
        id: ModelId::OFFLINE.to_owned(),
        name: "Built in".to_owned(),
        state: ProviderState::Ready,
        models: vec![ModelItem {
            id: ModelId::OFFLINE.to_owned(),
            name: "Offline (no language model)".to_owned(),
            context_tokens: None,
        }],
    }
}
