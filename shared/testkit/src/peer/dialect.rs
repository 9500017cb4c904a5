use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The wire formats that the peer speaks, written down by hand from what the providers document.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// OpenAI's chat completions; LM Studio and Ollama speak it too.
    #[default]
    OpenAiChat,
    /// Anthropic's messages.
    AnthropicMessages,
    /// Gemini's `generateContent`.
    GeminiGenerate,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::OpenAiChat, Self::AnthropicMessages, Self::GeminiGenerate];

    /// The dialect of a request's path.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        match path {
            "/v1/chat/completions" => Some(Self::OpenAiChat),
            "/v1/messages" => Some(Self::AnthropicMessages),
            path if path.starts_with("/v1beta/models/") && path.ends_with(":streamGenerateContent") => {
                Some(Self::GeminiGenerate)
            }
            _ => None,
        }
    }

    /// An answer as it begins.
    pub(super) fn opening(self) -> String {
        match self {
            Self::OpenAiChat => event(None, &choice(&json!({"role": "assistant", "content": ""}), None)),
            Self::AnthropicMessages => {
                let message = json!({
                    "id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": "scripted-model", "stop_reason": null,
                    "usage": {"input_tokens": 9, "output_tokens": 1},
                });
                event(Some("message_start"), &json!({"type": "message_start", "message": message}))
                    + &event(Some("ping"), &json!({"type": "ping"}))
            }
            Self::GeminiGenerate => String::new(),
        }
    }

    /// A piece of an answer's text.
    pub(super) fn text(self, text: &str) -> String {
        match self {
            Self::OpenAiChat => event(None, &choice(&json!({"content": text}), None)),
            Self::AnthropicMessages => delta(1, &json!({"type": "text_delta", "text": text})),
            Self::GeminiGenerate => gemini_event(&candidate(&json!([{"text": text}]), None)),
        }
    }

    /// A piece of what is thought.
    pub(super) fn thinking(self, text: &str) -> String {
        match self {
            // As LM Studio and others send it.
            Self::OpenAiChat => event(None, &choice(&json!({"reasoning_content": text}), None)),
            Self::AnthropicMessages => delta(0, &json!({"type": "thinking_delta", "thinking": text})),
            Self::GeminiGenerate => gemini_event(&candidate(&json!([{"text": text, "thought": true}]), None)),
        }
    }

    /// Why the model stopped, in the words of the dialect.
    pub(super) fn finish(self, reason: &str) -> String {
        match self {
            Self::OpenAiChat => event(None, &choice(&json!({}), Some(reason))),
            Self::AnthropicMessages => {
                let reason = if reason == "stop" { "end_turn" } else { reason };
                let delta = json!({"stop_reason": reason, "stop_sequence": null, "stop_details": null});
                event(Some("message_delta"), &json!({"type": "message_delta", "delta": delta}))
            }
            Self::GeminiGenerate => {
                let reason = if reason == "stop" { "STOP" } else { reason };
                gemini_event(&candidate(&json!([]), Some(reason)))
            }
        }
    }

    /// What was used.
    pub(super) fn usage(self, input: u64, output: u64) -> String {
        match self {
            Self::OpenAiChat => {
                let usage =
                    json!({"prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output});
                event(None, &json!({"choices": [], "usage": usage}))
            }
            Self::AnthropicMessages => {
                let usage = json!({"input_tokens": input, "output_tokens": output});
                event(Some("message_delta"), &json!({"type": "message_delta", "delta": {}, "usage": usage}))
            }
            Self::GeminiGenerate => {
                let usage = json!({"promptTokenCount": input, "candidatesTokenCount": output, "totalTokenCount": input + output});
                gemini_event(&json!({"usageMetadata": usage, "modelVersion": "scripted-model", "responseId": "r1"}))
            }
        }
    }

    /// The end of a stream, where there is one.
    pub(super) fn closing(self) -> String {
        match self {
            Self::OpenAiChat => "data: [DONE]\n\n".to_owned(),
            Self::AnthropicMessages => event(Some("message_stop"), &json!({"type": "message_stop"})),
            Self::GeminiGenerate => String::new(),
        }
    }

    /// An error's body.
    pub(super) fn error(self, status: u16, code: &str, message: &str) -> Value {
        match self {
            Self::OpenAiChat => json!({"error": {"message": message, "type": code, "param": null, "code": code}}),
            Self::AnthropicMessages => {
                json!({"type": "error", "error": {"type": code, "message": message}, "request_id": "req_1"})
            }
            Self::GeminiGenerate => json!({"error": {"code": status, "message": message, "status": code}}),
        }
    }

    /// A list of models.
    pub(super) fn models(self, models: &[&str]) -> Value {
        match self {
            Self::OpenAiChat => {
                let item = |id: &&str| json!({"id": id, "object": "model", "created": 1, "owned_by": "scripted-peer"});
                json!({"object": "list", "data": models.iter().map(item).collect::<Vec<_>>()})
            }
            Self::AnthropicMessages => {
                let item = |id: &&str| {
                    json!({"type": "model", "id": id, "display_name": id, "created_at": "2026-01-01T00:00:00Z",
                           "max_input_tokens": 200_000, "max_tokens": 64_000, "capabilities": {"structured_outputs": {"supported": true}}})
                };
                let last = models.last();
                json!({"data": models.iter().map(item).collect::<Vec<_>>(), "has_more": false, "first_id": models.first(), "last_id": last})
            }
            Self::GeminiGenerate => {
                let item = |id: &&str| {
                    json!({"name": format!("models/{id}"), "displayName": id, "inputTokenLimit": 1_048_576, "outputTokenLimit": 65_536,
                           "supportedGenerationMethods": ["generateContent", "countTokens"]})
                };
                json!({"models": models.iter().map(item).collect::<Vec<_>>()})
            }
        }
    }

    /// The text of the last thing that the person said in a request.
    pub(super) fn last_prompt(body: &Value) -> &str {
        let list = |name: &str| body[name].as_array().map(Vec::as_slice).unwrap_or_default();
        let of_person = |list: &[Value]| list.iter().rposition(|message| message["role"] == "user");
        let messages = list("messages");
        if let Some(at) = of_person(messages) {
            return body["messages"][at]["content"].as_str().unwrap_or_default();
        }
        let contents = list("contents");
        let at = of_person(contents);
        at.and_then(|at| body["contents"][at]["parts"][0]["text"].as_str()).unwrap_or_default()
    }
}

fn event(name: Option<&str>, data: &Value) -> String {
    let name = name.map(|name| format!("event: {name}\n")).unwrap_or_default();
    format!("{name}data: {data}\n\n")
}

/// Gemini ends its lines as HTTP does.
fn gemini_event(data: &Value) -> String {
    format!("data: {data}\r\n\r\n")
}

fn choice(delta: &Value, finish: Option<&str>) -> Value {
    json!({"id": "c1", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
}

fn delta(index: u64, delta: &Value) -> String {
    event(Some("content_block_delta"), &json!({"type": "content_block_delta", "index": index, "delta": delta}))
}

fn candidate(parts: &Value, finish: Option<&str>) -> Value {
    let mut candidate = json!({"content": {"parts": parts, "role": "model"}, "index": 0});
    if let Some(finish) = finish {
        candidate["finishReason"] = json!(finish);
    }
    json!({"candidates": [candidate], "modelVersion": "scripted-model", "responseId": "r1"})
}
