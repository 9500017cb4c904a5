//! The lists of models as the providers give them.

use futures::StreamExt as _;
use reqwest::RequestBuilder;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::names::{can_chat, speaks_chat_completions};
use crate::capabilities::{Capabilities, Known, Thinking};
use crate::endpoint::Endpoint;
use crate::failure::{ErrorWords, kind_of_response};
use crate::{Format, LlmErrorKind, ModelItem, Provider, ProviderState};

/// How much of a list is read, in bytes.
const LIST_LIMIT: usize = 4 * 1024 * 1024;
/// How many parts of a list are read. Each is as long as providers let it be.
const PAGES: usize = 10;

/// A model of a list that can chat.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) id: String,
    /// Its name for people.
    name: String,
    pub(super) known: Known,
    created: f64,
}

impl Listed {
    pub(super) fn item(&self, id: String, endpoint: &Endpoint) -> ModelItem {
        // What is only taken for granted is not told.
        let assumed = (!Capabilities::is_unknown(&self.id))
            .then(|| Capabilities::of(endpoint.provider, endpoint.is_own(), &self.id).context_tokens);
        ModelItem { id, name: self.name.clone(), context_tokens: self.known.context_tokens.or(assumed) }
    }
}

/// A part of a list.
pub(super) struct Page {
    pub(super) models: Vec<Listed>,
    /// Where it goes on.
    pub(super) next: Option<String>,
}

/// Asks for a whole list.
pub(super) async fn fetch(endpoint: &Endpoint) -> Result<Vec<Listed>, ProviderState> {
    let mut models = Vec::new();
    let mut page = None;
    for _ in 0..PAGES {
        let body = get(endpoint.list(page.as_deref())).await?;
        let read = read(endpoint, &body).ok_or(ProviderState::Unreachable)?;
        models.extend(read.models);
        page = read.next;
        if page.is_none() {
            break;
        }
    }
    if endpoint.is_openai_itself() {
        models.sort_by(|one, other| other.created.total_cmp(&one.created).then_with(|| one.id.cmp(&other.id)));
    }
    if endpoint.provider == Provider::LmStudio {
        // Older versions have no such list.
        if let Ok(body) = get(endpoint.list_of_lm_studio()).await {
            apply_loaded(&mut models, &body);
        }
    }
    Ok(models)
}

async fn get(request: RequestBuilder) -> Result<Vec<u8>, ProviderState> {
    let response = request.send().await.map_err(|_| ProviderState::Unreachable)?;
    let status = response.status().as_u16();
    let mut body = response.bytes_stream();
    let mut read = Vec::new();
    while let Some(bytes) = body.next().await {
        read.extend_from_slice(&bytes.map_err(|_| ProviderState::Unreachable)?);
        if read.len() > LIST_LIMIT {
            return Err(ProviderState::Unreachable);
        }
    }
    if status == 200 {
        return Ok(read);
    }
    match kind_of_response(status, &ErrorWords::in_body(&read).unwrap_or_default()) {
        LlmErrorKind::BadKey => Err(ProviderState::BadKey),
        _ => Err(ProviderState::Unreachable),
    }
}

/// The models of a part of a list that can chat, in their server's order; `None` when it is no list.
pub(super) fn read(endpoint: &Endpoint, body: &[u8]) -> Option<Page> {
    match endpoint.provider.format() {
        Format::OpenAiChat => openai(endpoint, body),
        Format::AnthropicMessages => anthropic(body),
        Format::GeminiGenerate => gemini(body),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

#[derive(Deserialize)]
struct OpenAiList {
    /// Ollama sends null when it has none.
    data: Option<Vec<OpenAiModel>>,
}

#[derive(Deserialize)]
struct OpenAiModel {
    id: String,
    #[serde(default)]
    created: Option<f64>,
    /// Whatever the server calls the size of the context.
    #[serde(default, alias = "context_window", alias = "max_model_len")]
    context_length: Option<u32>,
}

fn openai(endpoint: &Endpoint, body: &[u8]) -> Option<Page> {
    let own = endpoint.is_openai_itself();
    let listed = parse::<OpenAiList>(body)?.data.unwrap_or_default();
    let models = listed.into_iter().filter(|model| can_chat(&model.id) && (!own || speaks_chat_completions(&model.id)));
    let models = models.map(|model| Listed {
        name: model.id.clone(),
        id: model.id,
        known: Known { context_tokens: model.context_length, ..Known::default() },
        created: model.created.unwrap_or_default(),
    });
    Some(Page { models: models.collect(), next: None })
}

#[derive(Deserialize)]
struct AnthropicList {
    data: Vec<AnthropicModel>,
    #[serde(default)]
    has_more: bool,
    last_id: Option<String>,
}

#[derive(Deserialize)]
struct AnthropicModel {
    id: String,
    display_name: Option<String>,
    max_input_tokens: Option<u32>,
    max_tokens: Option<u32>,
    #[serde(default)]
    capabilities: Value,
}

fn anthropic(body: &[u8]) -> Option<Page> {
    let list: AnthropicList = parse(body)?;
    let models = list.data.into_iter().filter(|model| can_chat(&model.id)).map(|model| {
        let supported = |pointer: &str| model.capabilities.pointer(pointer).and_then(Value::as_bool);
        let adaptive = supported("/thinking/types/adaptive/supported") == Some(true);
        let known = Known {
            context_tokens: model.max_input_tokens.filter(|tokens| *tokens > 0),
            output_tokens: model.max_tokens.filter(|tokens| *tokens > 0),
            thinking: adaptive.then_some(Thinking::Adaptive),
            structured_output: supported("/structured_outputs/supported"),
            ..Known::default()
        };
        Listed { name: model.display_name.unwrap_or_else(|| model.id.clone()), id: model.id, known, created: 0.0 }
    });
    Some(Page { models: models.collect(), next: list.last_id.filter(|_| list.has_more) })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GeminiList {
    #[serde(default)]
    models: Vec<GeminiModel>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GeminiModel {
    name: String,
    display_name: Option<String>,
    input_token_limit: Option<u32>,
    output_token_limit: Option<u32>,
    #[serde(default)]
    supported_generation_methods: Vec<String>,
    thinking: Option<bool>,
}

fn gemini(body: &[u8]) -> Option<Page> {
    // A list without models has no member of that name; something else has no list.
    let list: GeminiList = parse(body).filter(|_| body.trim_ascii_start().starts_with(b"{"))?;
    let generates =
        |model: &GeminiModel| model.supported_generation_methods.iter().any(|name| name == "generateContent");
    let models = list.models.into_iter().filter(generates).filter_map(|model| {
        let id = model.name.strip_prefix("models/").unwrap_or(&model.name).to_owned();
        let known = Known {
            context_tokens: model.input_token_limit,
            output_tokens: model.output_token_limit,
            thinking: (model.thinking == Some(true)).then_some(Thinking::Shown),
            ..Known::default()
        };
        can_chat(&id).then(|| Listed {
            name: model.display_name.unwrap_or_else(|| id.clone()),
            id,
            known,
            created: 0.0,
        })
    });
    Some(Page { models: models.collect(), next: list.next_page_token.filter(|token| !token.is_empty()) })
}

#[derive(Deserialize)]
struct LmStudioList {
    models: Vec<LmStudioModel>,
}

#[derive(Deserialize)]
struct LmStudioModel {
    key: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    loaded_instances: Vec<LoadedInstance>,
}

#[derive(Deserialize)]
struct LoadedInstance {
    config: Option<LoadedConfig>,
}

#[derive(Deserialize)]
struct LoadedConfig {
    context_length: Option<u32>,
}

/// Takes in what models were loaded with, which is what they read now, and leaves out what cannot chat.
fn apply_loaded(models: &mut Vec<Listed>, body: &[u8]) {
    let Some(list) = parse::<LmStudioList>(body) else { return };
    for detailed in list.models {
        if detailed.kind.as_deref() == Some("embedding") {
            models.retain(|model| model.id != detailed.key);
        }
        let loaded = detailed.loaded_instances.iter().filter_map(|instance| instance.config.as_ref()?.context_length);
        if let (Some(model), Some(context)) = (models.iter_mut().find(|model| model.id == detailed.key), loaded.min()) {
            model.known.context_tokens = Some(context);
        }
    }
}
