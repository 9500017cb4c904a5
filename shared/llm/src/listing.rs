use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;
use futures::StreamExt as _;
use serde::Deserialize;
use std::sync::{Arc, Mutex as Latest, PoisonError};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::endpoint::Endpoint;
use crate::{ModelItem, Provider, ProviderModels, ProviderState};

/// OpenAI's model that answers when none is named: cheap, quick, and open to every account.
pub(crate) const KNOWN_GOOD: &str = "openai/gpt-5-mini";

/// How long a list is good enough to be shown.
const FRESH: TimeDelta = TimeDelta::seconds(5);
/// How long a list is good enough to choose the default model from.
const LATE: TimeDelta = TimeDelta::seconds(60);
/// How much of a list is read, in bytes.
const LIST_LIMIT: usize = 4 * 1024 * 1024;

/// The models of one configured provider, asked for at most once in a few seconds.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) endpoint: Arc<Endpoint>,
    /// Held while asking, so that many callers at once ask once.
    asking: Mutex<()>,
    latest: Latest<Option<(DateTime<Utc>, ProviderModels)>>,
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

    /// The context of a model, where the last list says so.
    pub(crate) fn known_context(&self, id: &str) -> Option<u32> {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, models) = latest.as_ref()?;
        models.models.iter().find(|model| model.id == id)?.context_tokens
    }

    async fn not_older_than(&self, clock: &Clock, age: TimeDelta) -> ProviderModels {
        let _asking = self.asking.lock().await;
        if let Some(models) = self.latest(clock, age) {
            return models;
        }
        let models = self.ask().await;
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some((clock.now(), models.clone()));
        models
    }

    fn latest(&self, clock: &Clock, age: TimeDelta) -> Option<ProviderModels> {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest.as_ref().filter(|(at, _)| clock.now() - at < age).map(|(_, models)| models.clone())
    }

    async fn ask(&self) -> ProviderModels {
        let provider = self.endpoint.provider;
        let answered = timeout(self.endpoint.timeouts.list, fetch(&self.endpoint)).await;
        let (state, models) = match answered.unwrap_or(Err(ProviderState::Unreachable)) {
            Ok(body) => match read_list(&self.endpoint, &body) {
                Some(models) if models.is_empty() => (ProviderState::NoModels, models),
                Some(models) => (ProviderState::Ready, models),
                None => (ProviderState::Unreachable, Vec::new()),
            },
            Err(state) => (state, Vec::new()),
        };
        if state != ProviderState::Ready {
            tracing::warn!(llm.provider = provider.id(), ?state, "a configured provider offers no models");
        }
        ProviderModels { id: provider.id().to_owned(), name: provider.name().to_owned(), state, models }
    }
}

/// The contexts of well-known models, by how their names begin; of two that fit the first counts.
const KNOWN_CONTEXTS: [(&str, u32); 10] = [
    ("gpt-5-chat", 128_000),
    ("gpt-5", 400_000),
    ("gpt-4.1", 1_047_576),
    ("gpt-4o", 128_000),
    ("gpt-4-turbo", 128_000),
    ("gpt-4", 8_192),
    ("gpt-3.5-turbo", 16_385),
    ("chatgpt-4o", 128_000),
    ("o3", 200_000),
    ("o4-mini", 200_000),
];

/// How much a model can read and write at once, where that is well known.
pub(crate) fn context_tokens(endpoint: &Endpoint, model: &str) -> Option<u32> {
    if endpoint.provider != Provider::OpenAi {
        return None;
    }
    // Other services put the maker before the name.
    let name = model.rsplit('/').next().unwrap_or(model);
    KNOWN_CONTEXTS.into_iter().find(|(beginning, _)| name.starts_with(beginning)).map(|(_, tokens)| tokens)
}

async fn fetch(endpoint: &Endpoint) -> Result<Vec<u8>, ProviderState> {
    let response = endpoint.get("/models").send().await.map_err(|_| ProviderState::Unreachable)?;
    match response.status().as_u16() {
        200 => {}
        401 | 403 => return Err(ProviderState::BadKey),
        _ => return Err(ProviderState::Unreachable),
    }
    let mut body = response.bytes_stream();
    let mut read = Vec::new();
    while let Some(bytes) = body.next().await {
        read.extend_from_slice(&bytes.map_err(|_| ProviderState::Unreachable)?);
        if read.len() > LIST_LIMIT {
            return Err(ProviderState::Unreachable);
        }
    }
    Ok(read)
}

#[derive(Deserialize)]
struct Listed {
    /// Ollama sends null when it has none.
    data: Option<Vec<ListedModel>>,
}

#[derive(Deserialize)]
struct ListedModel {
    id: String,
    #[serde(default)]
    created: Option<f64>,
    /// Whatever the server calls the size of the context.
    #[serde(default, alias = "context_window", alias = "max_model_len")]
    context_length: Option<u32>,
}

/// The models of a list that can chat, OpenAI's newest first and others' in their server's order; `None` when it is no list.
fn read_list(endpoint: &Endpoint, body: &[u8]) -> Option<Vec<ModelItem>> {
    let mut listed = serde_json::from_slice::<Listed>(body).ok()?.data.unwrap_or_default();
    let own = endpoint.is_openai_itself();
    listed.retain(|model| can_chat(&model.id) && (!own || speaks_chat_completions(&model.id)));
    if own {
        listed.sort_by(|one, other| {
            other
                .created
                .partial_cmp(&one.created)
                .unwrap_or(std::cmp::Ordering::Equal)
                .then_with(|| one.id.cmp(&other.id))
        });
    }
    let item = |model: ListedModel| ModelItem {
        id: format!("{}/{}", endpoint.provider.id(), model.id),
        context_tokens: model.context_length.or_else(|| context_tokens(endpoint, &model.id)),
        name: model.id,
    };
    Some(listed.into_iter().map(item).collect())
}

/// Whether a model can chat, by its name: lists do not say what a model is for.
fn can_chat(model: &str) -> bool {
    const OTHERS: [&str; 14] = [
        "embed",
        "rerank",
        "whisper",
        "transcribe",
        "tts",
        "dall-e",
        "image",
        "moderation",
        "realtime",
        "audio",
        "sora",
        "bge-",
        "colbert",
        "stable-diffusion",
    ];
    let name = model.to_ascii_lowercase();
    let named_by_domain = domain::ModelId::parse("model", model).is_ok();
    named_by_domain && !OTHERS.iter().any(|other| name.contains(other))
}

/// Whether one of OpenAI's models answers chat completions: the rest know only its other interfaces.
fn speaks_chat_completions(model: &str) -> bool {
    let family = ["gpt-", "o1", "o3", "o4", "chatgpt-"].iter().any(|beginning| model.starts_with(beginning));
    let other = ["instruct", "-pro", "codex", "deep-research", "search", "computer-use"]
        .iter()
        .any(|part| model.contains(part));
    family && !other
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Timeouts, parse_base_url};

    fn endpoint(provider: Provider, url: &str) -> Endpoint {
        let url = parse_base_url("OPENAI_BASE_URL", url).expect("a URL");
        Endpoint::new(provider, &url, None, Timeouts::of(provider)).expect("the settings are good")
    }

    fn names(endpoint: &Endpoint, body: &str) -> Option<Vec<String>> {
        Some(read_list(endpoint, body.as_bytes())?.into_iter().map(|model| model.name).collect())
    }

    #[test]
    fn of_openai_only_what_answers_chat_completions_is_listed_newest_first() {
        let openai = endpoint(Provider::OpenAi, "https://api.openai.com/v1");
        let body = r#"{"object":"list","data":[
            {"id":"gpt-4o","created":1}, {"id":"text-embedding-3-small","created":2}, {"id":"gpt-5-mini","created":5},
            {"id":"gpt-4o-realtime-preview","created":3}, {"id":"gpt-5-pro","created":6}, {"id":"whisper-1","created":0},
            {"id":"gpt-image-1","created":4}, {"id":"davinci-002","created":1}, {"id":"gpt-5-codex","created":9}]}"#;
        assert_eq!(names(&openai, body), Some(vec!["gpt-5-mini".to_owned(), "gpt-4o".to_owned()]));
    }

    #[test]
    fn of_others_what_can_chat_is_listed_in_their_order_with_its_context() {
        let local = endpoint(Provider::LmStudio, "http://localhost:1234");
        let body = r#"{"data":[{"id":"qwen/qwen3-8b"},{"id":"text-embedding-nomic-embed-text-v1.5"},{"id":"llama-3.2-3b-instruct"},
            {"id":"has a space"}]}"#;
        assert_eq!(names(&local, body), Some(vec!["qwen/qwen3-8b".to_owned(), "llama-3.2-3b-instruct".to_owned()]));
        let hosted = endpoint(Provider::OpenAi, "https://openrouter.ai/api/v1");
        let body =
            r#"{"data":[{"id":"a/b","context_length":131072},{"id":"openai/gpt-4o"},{"id":"c","max_model_len":8192}]}"#;
        let contexts =
            read_list(&hosted, body.as_bytes()).expect("a list").into_iter().map(|model| model.context_tokens);
        assert_eq!(contexts.collect::<Vec<_>>(), [Some(131_072), Some(128_000), Some(8_192)]);
    }

    #[test]
    fn what_is_no_list_is_told_from_an_empty_one() {
        let local = endpoint(Provider::Ollama, "http://localhost:11434");
        assert_eq!(names(&local, r#"{"object":"list","data":null}"#), Some(vec![]));
        assert_eq!(names(&local, r#"{"data":[]}"#), Some(vec![]));
        assert_eq!(names(&local, "<html>"), None);
        assert_eq!(names(&local, r#"{"data":"x"}"#), None);
    }
}
