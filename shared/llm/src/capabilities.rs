//! What a model can and what it refuses: which parameters are sent depends on it.

use serde::Deserialize;

use crate::Provider;

/// What is known of one model.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that a model can or cannot")]
pub struct Capabilities {
    /// How much it reads and writes at once, in tokens.
    pub context_tokens: u32,
    /// How much it writes at most, where that is known.
    pub output_tokens: Option<u32>,
    pub(crate) limit_field: LimitField,
    pub(crate) system_role: SystemRole,
    /// Whether it takes a temperature.
    pub(crate) temperature: bool,
    pub(crate) thinking: Thinking,
    /// Whether it can be told to think less.
    pub(crate) effort: bool,
    /// Whether it can be held to a shape of its answer.
    pub(crate) structured_output: bool,
    /// Whether it tells its usage at the end of a stream when it is asked to.
    pub(crate) stream_options: bool,
    /// Tokens that a text has in percent of the usual.
    pub(crate) density: u32,
}

/// The field that limits an answer's length.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LimitField {
    MaxTokens,
    MaxCompletionTokens,
}

/// The role of what is asked of every answer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SystemRole {
    System,
    Developer,
}

impl SystemRole {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Developer => "developer",
        }
    }
}

/// How a model is asked to show what it thinks.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Thinking {
    /// Not at all: it does as it does.
    Unasked,
    /// Anthropic: it thinks as long as it sees fit.
    Adaptive,
    /// Gemini: it thinks anyway, and tells it.
    Shown,
}

/// What somebody knows of a model: its provider's list, an operator, or an answer that was refused. What is absent stays as it is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    pub(crate) context_tokens: Option<u32>,
    pub(crate) output_tokens: Option<u32>,
    pub(crate) limit_field: Option<LimitField>,
    pub(crate) system_role: Option<SystemRole>,
    pub(crate) temperature: Option<bool>,
    pub(crate) thinking: Option<Thinking>,
    pub(crate) effort: Option<bool>,
    pub(crate) structured_output: Option<bool>,
    pub(crate) stream_options: Option<bool>,
}

/// A parameter that a model refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Parameter {
    Temperature,
    LimitField,
    /// More than this was asked for.
    OutputTokens(u32),
    Thinking,
    Effort,
    StructuredOutput,
    StreamOptions,
    SystemRole,
}

impl Capabilities {
    /// What is taken for granted of a model of which nothing else is known. `own` says that its maker itself serves it, and not
    /// another service that speaks like it.
    pub(crate) fn of(provider: Provider, own: bool, model: &str) -> Self {
        // Other services put the maker before the name.
        let name = model.rsplit('/').next().unwrap_or(model);
        let openai = provider == Provider::OpenAi && own;
        let reasons = openai && REASONING.iter().any(|beginning| name.starts_with(beginning)) && !name.contains("chat");
        let family = FAMILIES.iter().find(|family| name.starts_with(family.beginning));
        Self {
            context_tokens: family.map_or(provider.unknown_context(), |family| family.context_tokens),
            output_tokens: family.and_then(|family| family.output_tokens),
            limit_field: if openai { LimitField::MaxCompletionTokens } else { LimitField::MaxTokens },
            system_role: if openai { SystemRole::Developer } else { SystemRole::System },
            temperature: !reasons,
            thinking: Thinking::Unasked,
            effort: reasons,
            structured_output: true,
            stream_options: true,
            density: if provider == Provider::Anthropic { 117 } else { 100 },
        }
    }

    /// The same, as somebody knows better.
    #[must_use]
    pub(crate) fn with(self, known: Known) -> Self {
        Self {
            context_tokens: known.context_tokens.unwrap_or(self.context_tokens),
            output_tokens: known.output_tokens.or(self.output_tokens),
            limit_field: known.limit_field.unwrap_or(self.limit_field),
            system_role: known.system_role.unwrap_or(self.system_role),
            temperature: known.temperature.unwrap_or(self.temperature),
            thinking: known.thinking.unwrap_or(self.thinking),
            effort: known.effort.unwrap_or(self.effort),
            structured_output: known.structured_output.unwrap_or(self.structured_output),
            stream_options: known.stream_options.unwrap_or(self.stream_options),
            density: self.density,
        }
    }

    /// Whether nobody wrote down how much such a model reads.
    pub(crate) fn is_unknown(model: &str) -> bool {
        let name = model.rsplit('/').next().unwrap_or(model);
        !FAMILIES.iter().any(|family| name.starts_with(family.beginning))
    }
}

impl Known {
    /// What is learned from a refusal; `now` is what was believed.
    pub(crate) fn learn(&mut self, refused: Parameter, now: &Capabilities) {
        match refused {
            Parameter::Temperature => self.temperature = Some(false),
            Parameter::LimitField => {
                self.limit_field = Some(match now.limit_field {
                    LimitField::MaxTokens => LimitField::MaxCompletionTokens,
                    LimitField::MaxCompletionTokens => LimitField::MaxTokens,
                });
            }
            Parameter::OutputTokens(most) => self.output_tokens = Some(most),
            Parameter::Thinking => self.thinking = Some(Thinking::Unasked),
            Parameter::Effort => self.effort = Some(false),
            Parameter::StructuredOutput => self.structured_output = Some(false),
            Parameter::StreamOptions => self.stream_options = Some(false),
            Parameter::SystemRole => self.system_role = Some(SystemRole::System),
        }
    }
}

/// OpenAI's models that think before they answer, by how their names begin.
const REASONING: [&str; 4] = ["gpt-5", "o1", "o3", "o4"];

struct Family {
    beginning: &'static str,
    context_tokens: u32,
    output_tokens: Option<u32>,
}

const fn family(beginning: &'static str, context_tokens: u32, output_tokens: Option<u32>) -> Family {
    Family { beginning, context_tokens, output_tokens }
}

/// Well-known models, by how their names begin; of two that fit the first counts.
const FAMILIES: [Family; 17] = [
    family("gpt-5-chat", 128_000, None),
    family("gpt-5", 400_000, None),
    family("gpt-4.1", 1_047_576, None),
    family("gpt-4o", 128_000, None),
    family("gpt-4-turbo", 128_000, None),
    family("gpt-4", 8_192, None),
    family("gpt-3.5-turbo", 16_385, None),
    family("chatgpt-4o", 128_000, None),
    family("o3", 200_000, None),
    family("o4-mini", 200_000, None),
    family("claude-3-haiku", 200_000, Some(4_096)),
    family("claude-3-5", 200_000, Some(8_192)),
    family("claude-opus-4", 200_000, Some(32_000)),
    family("claude-", 200_000, None),
    family("gemini-2.", 1_048_576, None),
    family("gemini-3", 1_048_576, None),
    family("gemini-", 1_000_000, None),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_known_by_how_its_names_begin() {
        let of = |provider, model| Capabilities::of(provider, true, model);
        let mini = of(Provider::OpenAi, "gpt-5-mini");
        assert_eq!((mini.context_tokens, mini.limit_field), (400_000, LimitField::MaxCompletionTokens));
        assert!(!mini.temperature && mini.effort, "it thinks, and takes no temperature");
        let chat = of(Provider::OpenAi, "gpt-5-chat-latest");
        assert_eq!((chat.context_tokens, chat.temperature, chat.effort), (128_000, true, false));
        assert_eq!(of(Provider::Anthropic, "claude-3-haiku-20240307").output_tokens, Some(4_096));
        assert_eq!(of(Provider::Ollama, "llama3.2").context_tokens, 4_096);
        let elsewhere = Capabilities::of(Provider::OpenAi, false, "openai/gpt-4o");
        assert_eq!((elsewhere.context_tokens, elsewhere.limit_field), (128_000, LimitField::MaxTokens));
    }

    #[test]
    fn who_knows_better_is_believed_and_the_rest_stays() {
        let before = Capabilities::of(Provider::Ollama, true, "llama3.2");
        let mut known = Known { context_tokens: Some(8_192), ..Known::default() };
        known.learn(Parameter::StructuredOutput, &before);
        known.learn(Parameter::LimitField, &before);
        let after = before.clone().with(known);
        let expected = Capabilities {
            context_tokens: 8_192,
            structured_output: false,
            limit_field: LimitField::MaxCompletionTokens,
            ..before
        };
        assert_eq!(after, expected);
    }
}
