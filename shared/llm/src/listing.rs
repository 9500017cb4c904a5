mod lists;
mod names;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;
use std::collections::HashMap;
use std::sync::{Arc, Mutex as Latest, PoisonError};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::capabilities::Known;
use crate::endpoint::Endpoint;
use crate::{ProviderModels, ProviderState};

use self::lists::Listed;

/// OpenAI's model that answers when none is named: cheap, quick, and open to every account.
pub(crate) const KNOWN_GOOD: &str = "openai/gpt-5-mini";

/// How long a list is good enough to be shown.
const FRESH: TimeDelta = TimeDelta::seconds(5);
/// How long a list is good enough to choose the default model from.
const LATE: TimeDelta = TimeDelta::seconds(60);
/// The models of one configured provider, asked for at most once in a few seconds.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) endpoint: Arc<Endpoint>,
    /// Held while asking, so that many callers at once ask once.
    asking: Mutex<()>,
    latest: Latest<Option<(DateTime<Utc>, Offered)>>,
}

/// What a provider offers.
#[derive(Clone, Debug)]
struct Offered {
    models: ProviderModels,
    /// What its list says of each model, by its id.
    known: HashMap<String, Known>,
}

impl Listing {
    pub(crate) fn new(endpoint: Endpoint) -> Self {
        Self { endpoint: Arc::new(endpoint), asking: Mutex::new(()), latest: Latest::new(None) }
    }

    /// The models as they are now, give or take a few seconds.
    pub(crate) async fn read(&self, clock: &Clock) -> ProviderModels {
        self.not_older_than(clock, FRESH).await
    }

    /// The models as they were lately; a provider that could not answer then is asked again.
    pub(crate) async fn read_lately(&self, clock: &Clock) -> ProviderModels {
        let lately = self.latest(clock, LATE).filter(|models| models.state == ProviderState::Ready);
        match lately {
            Some(models) => models,
            None => self.read(clock).await,
        }
    }

    /// What the last list says of a model.
    pub(crate) fn known(&self, id: &str) -> Option<Known> {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest.as_ref()?.1.known.get(id).copied()
    }

    async fn not_older_than(&self, clock: &Clock, age: TimeDelta) -> ProviderModels {
        let _asking = self.asking.lock().await;
        if let Some(models) = self.latest(clock, age) {
            return models;
        }
        let offered = self.ask().await;
        let models = offered.models.clone();
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some((clock.now(), offered));
        models
    }

    fn latest(&self, clock: &Clock, age: TimeDelta) -> Option<ProviderModels> {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest.as_ref().filter(|(at, _)| clock.now() - at < age).map(|(_, offered)| offered.models.clone())
    }

    async fn ask(&self) -> Offered {
        let provider = self.endpoint.provider;
        let answered = timeout(self.endpoint.timeouts.list, lists::fetch(&self.endpoint)).await;
        let (state, listed) = match answered.unwrap_or(Err(ProviderState::Unreachable)) {
            Ok(listed) if listed.is_empty() => (ProviderState::NoModels, listed),
            Ok(listed) => (ProviderState::Ready, listed),
            Err(state) => (state, Vec::new()),
        };
        if state != ProviderState::Ready {
            tracing::warn!(llm.provider = provider.id(), ?state, "a configured provider offers no models");
        }
        let id = |listed: &Listed| format!("{}/{}", provider.id(), listed.id);
        let models = ProviderModels {
            id: provider.id().to_owned(),
            name: provider.name().to_owned(),
            state,
            key: provider.key_setting().filter(|_| state == ProviderState::BadKey).map(str::to_owned),
            models: listed.iter().map(|listed| listed.item(id(listed), &self.endpoint)).collect(),
        };
        Offered { models, known: listed.iter().map(|listed| (id(listed), listed.known)).collect() }
    }
}

#[cfg(test)]
mod tests;
