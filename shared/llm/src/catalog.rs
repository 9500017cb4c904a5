use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The models that can be chosen: what `GET /api/models/` answers.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct ModelList {
    /// The model that answers when none is named; absent when a provider is configured but offers no model at the moment.
    pub default: Option<String>,
    /// The model that answers when the wanted one does not; absent when the operator named none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// The configured providers, then the built-in one.
    pub providers: Vec<ProviderModels>,
}

impl ModelList {
    /// What everybody may know of it: without the names of settings.
    #[must_use]
    pub fn without_keys(mut self) -> Self {
        for provider in &mut self.providers {
            provider.key = None;
        }
        self
    }
}

/// A provider and its models.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct ProviderModels {
    /// What stands before the slash in its models' ids.
    #[schema(example = "openai")]
    pub id: String,
    /// Its name for people.
    #[schema(example = "OpenAI")]
    pub name: String,
    /// Whether it can answer.
    pub state: ProviderState,
    /// The name of the setting that holds a key which the provider refuses; told only to those who run the portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "OPENAI_API_KEY")]
    pub key: Option<String>,
    /// The models that can chat.
    pub models: Vec<ModelItem>,
}

/// Whether a provider can answer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProviderState {
    /// It answers and has models.
    Ready,
    /// It refuses the key.
    BadKey,
    /// It does not answer, or not as its kind should.
    Unreachable,
    /// It answers and has no model that can chat.
    NoModels,
}

/// A model that can be chosen.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct ModelItem {
    /// What a conversation or a message names it by.
    #[schema(example = "openai/gpt-5-mini")]
    pub id: String,
    /// Its name for people.
    #[schema(example = "gpt-5-mini")]
    pub name: String,
    /// How much it can read and write at once, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_tokens: Option<u32>,
}
