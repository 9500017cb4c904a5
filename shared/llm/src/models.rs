use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{Clock, ModelId, Usage};
use futures::StreamExt as _;
use futures::future::join_all;
use futures::stream;

use crate::answer::AnswerStream;
use crate::attempts::{self, Resting};
use crate::capabilities::{Capabilities, Known, Parameter};
use crate::context::{Budget, Corrections};
use crate::endpoint::Endpoint;
use crate::listing::{KNOWN_GOOD, Listing};
use crate::prices::Prices;
use crate::{
    AnswerOptions, LlmError, LlmErrorKind, LlmSettings, ModelItem, ModelList, Prompt, Provider, ProviderModels,
    ProviderState, SettingsError, Timeouts, offline,
};

/// The language models that are configured. Cheap to clone; made once in a process, because it keeps connections and what it
/// learns of the models.
#[derive(Clone, Debug)]
pub struct Models {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    default_model: Option<String>,
    fallback_model: Option<String>,
    listings: Vec<Listing>,
    /// What the operator knows of models, by their ids.
    told: HashMap<String, Known>,
    /// What models refused in this process, by their ids.
    learned: Mutex<HashMap<String, Known>>,
    corrections: Corrections,
    resting: Resting,
    prices: Prices,
    clock: Clock,
}

/// A model that was chosen to answer.
#[derive(Clone, Debug)]
pub struct Chosen {
    id: String,
    target: Option<Remote>,
}

/// A model of a provider.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    /// As `provider/model`.
    pub(crate) id: String,
    pub(crate) endpoint: Arc<Endpoint>,
    /// As its provider calls it.
    pub(crate) model: String,
}

impl Chosen {
    /// The model, as `provider/model`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The provider's part of it.
    pub fn provider(&self) -> &str {
        self.target.as_ref().map_or(ModelId::OFFLINE, |remote| remote.endpoint.provider.id())
    }

    /// Whether it is the built-in one, which is no language model.
    pub const fn is_offline(&self) -> bool {
        self.target.is_none()
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
        let inner = Inner {
            default_model: named_in("DEFAULT_MODEL", settings.default_model)?,
            fallback_model: named_in("FALLBACK_MODEL", settings.fallback_model)?,
            listings,
            told: read_told(settings.capabilities.as_deref())?,
            learned: Mutex::default(),
            corrections: Corrections::default(),
            resting: Resting::default(),
            prices: Prices::new(settings.prices.as_deref())?,
            clock,
        };
        Ok(Self { inner: Arc::new(inner) })
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
        ModelList { default, fallback: self.inner.fallback_model.clone(), providers }
    }

    /// The model that is to answer: the named one, or else `DEFAULT_MODEL`, or else the first model of the first configured
    /// provider, or else, only when none is configured, the offline model.
    pub async fn choose(&self, wanted: Option<&str>) -> Result<Chosen, LlmError> {
        if let Some(model) = wanted.or(self.inner.default_model.as_deref()) {
            let chosen = self.named(model)?;
            self.look_up(&chosen).await;
            return Ok(chosen);
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
            None => {
                let alone = self.inner.listings.is_empty();
                stream::iter(offline::answer(alone).into_iter().map(Ok)).boxed()
            }
            Some(remote) => attempts::stream(self.clone(), remote.clone(), prompt, options),
        }
    }

    /// How many of the oldest turns of a prompt are worth condensing before the next answer; `None` while there is room enough.
    pub fn to_condense(&self, chosen: &Chosen, prompt: &Prompt) -> Option<usize> {
        self.budget(chosen.target.as_ref()?).to_condense(prompt)
    }

    /// What an answer of this model cost, in millionths of a dollar; `None` when its price is not known.
    pub fn cost_micros(&self, model: &str, usage: &Usage) -> Option<i64> {
        self.inner.prices.cost_micros(model, usage)
    }

    /// How many tokens a prompt of this model may have.
    pub(crate) fn room(&self, chosen: &Chosen) -> u64 {
        chosen.target.as_ref().map_or(u64::MAX, |remote| self.budget(remote).tokens())
    }

    pub(crate) fn budget(&self, remote: &Remote) -> Budget {
        let can = self.capabilities(remote);
        Budget::of(&can, self.inner.corrections.of(&remote.id, &can))
    }

    /// What is known of a model: by its name, by its provider's list, by the operator, and by what it refused.
    pub(crate) fn capabilities(&self, remote: &Remote) -> Capabilities {
        let listing = self.inner.listings.iter().find(|listing| listing.endpoint.provider == remote.endpoint.provider);
        let learned = self.inner.learned.lock().unwrap_or_else(PoisonError::into_inner).get(&remote.id).copied();
        let known =
            [listing.and_then(|listing| listing.known(&remote.id)), self.inner.told.get(&remote.id).copied(), learned];
        let assumed = Capabilities::of(remote.endpoint.provider, remote.endpoint.is_own(), &remote.model);
        known.into_iter().flatten().fold(assumed, Capabilities::with)
    }

    /// Remembers what a model refused.
    pub(crate) fn learn(&self, remote: &Remote, refused: Parameter) {
        let now = self.capabilities(remote);
        tracing::info!(llm.model = remote.id, ?refused, "the model does not take a part of the request");
        let mut learned = self.inner.learned.lock().unwrap_or_else(PoisonError::into_inner);
        learned.entry(remote.id.clone()).or_default().learn(refused, &now);
    }

    pub(crate) fn corrections(&self) -> &Corrections {
        &self.inner.corrections
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    pub(crate) fn is_resting(&self, remote: &Remote) -> bool {
        self.inner.resting.has(&remote.id, self.inner.clock.now())
    }

    pub(crate) fn rest(&self, remote: &Remote, asked: Option<Duration>) {
        self.inner.resting.add(remote.id.clone(), self.inner.clock.now(), asked);
    }

    pub(crate) fn wake(&self, remote: &Remote) {
        self.inner.resting.remove(&remote.id);
    }

    /// The operator's fallback, if it may stand in for this model: what was meant for the operator's own machines does not leave
    /// them.
    pub(crate) async fn fallback_of(&self, remote: &Remote) -> Option<Remote> {
        let chosen = self.named(self.inner.fallback_model.as_deref()?).ok()?;
        let fallback = chosen.target.clone()?;
        if fallback.id == remote.id || (remote.endpoint.is_private() && !fallback.endpoint.is_private()) {
            return None;
        }
        self.look_up(&chosen).await;
        Some(fallback)
    }

    /// Reads the provider's list where it tells more than the name does: what a local server has loaded, and models that nobody
    /// wrote down. A provider that does not answer is taken for what it usually is.
    async fn look_up(&self, chosen: &Chosen) {
        let Some(remote) = &chosen.target else { return };
        let told = self.inner.told.get(&remote.id).is_some_and(|known| known.context_tokens.is_some());
        if told || !(remote.endpoint.provider.is_local() || Capabilities::is_unknown(&remote.model)) {
            return;
        }
        let listing = self.inner.listings.iter().find(|listing| listing.endpoint.provider == remote.endpoint.provider);
        if let Some(listing) = listing {
            listing.read_lately(&self.inner.clock).await;
        }
    }

    fn named(&self, id: &str) -> Result<Chosen, LlmError> {
        let Some((provider, model)) = parse(id)? else {
            return Ok(Chosen { id: ModelId::OFFLINE.to_owned(), target: None });
        };
        let listing = self.inner.listings.iter().find(|listing| listing.endpoint.provider == provider);
        let listing = listing.ok_or_else(|| LlmError::new(LlmErrorKind::NotConfigured, Some(provider)))?;
        let endpoint = Arc::clone(&listing.endpoint);
        Ok(Chosen { id: id.to_owned(), target: Some(Remote { id: id.to_owned(), endpoint, model: model.to_owned() }) })
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

/// The model that a setting names.
fn named_in(setting: &'static str, value: Option<String>) -> Result<Option<String>, SettingsError> {
    let value = value.filter(|model| !model.trim().is_empty());
    if value.as_deref().is_some_and(|model| parse(model).is_err()) {
        let reason =
            "must be a provider and a model, as openai/gpt-5-mini, anthropic/claude-sonnet-4-5 or lm_studio/qwen3-8b";
        return Err(SettingsError { setting, reason });
    }
    Ok(value)
}

fn read_told(setting: Option<&str>) -> Result<HashMap<String, Known>, SettingsError> {
    let Some(setting) = setting else { return Ok(HashMap::new()) };
    serde_json::from_str(setting).map_err(|_| SettingsError {
        setting: "MODEL_CAPABILITIES",
        reason: r#"must be JSON as {"openai/my-model": {"context_tokens": 32768, "temperature": false}}"#,
    })
}

/// The model that a provider answers with when none is named.
fn first_model(listing: &Listing, offered: &ProviderModels) -> Option<String> {
    if listing.endpoint.is_openai_itself() {
        return Some(KNOWN_GOOD.to_owned());
    }
    // The first of a list is the newest, and often the dearest.
    let usual = match listing.endpoint.provider {
        Provider::Anthropic => "sonnet",
        Provider::Gemini => "flash",
        Provider::OpenAi | Provider::LmStudio | Provider::Ollama => "",
    };
    let model = offered.models.iter().find(|model| model.id.contains(usual)).or(offered.models.first())?;
    Some(model.id.clone())
}

fn built_in() -> ProviderModels {
    ProviderModels {
        id: ModelId::OFFLINE.to_owned(),
        name: "Built in".to_owned(),
        state: ProviderState::Ready,
        key: None,
        models: vec![ModelItem {
            id: ModelId::OFFLINE.to_owned(),
            name: "Offline (no language model)".to_owned(),
            context_tokens: None,
        }],
    }
}
