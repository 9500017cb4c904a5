use domain::Sender;
use serde_json::{Map, Value, json};

use crate::capabilities::Thinking;
use crate::codec::Request;

/// The body of a request for a streamed answer; the model is in the path.
pub(in crate::codec) fn request_body(request: &Request<'_>) -> Value {
    let Request { options, can, .. } = request;
    let contents = request.turns().into_iter().map(|(sender, text)| {
        let role = match sender {
            Sender::User => "user",
            Sender::Assistant => "model",
        };
        json!({"role": role, "parts": [{"text": text}]})
    });
    let mut body = Map::from_iter([("contents".to_owned(), contents.collect())]);
    if let Some(system) = request.system() {
        body.insert("systemInstruction".to_owned(), json!({"parts": [{"text": system}]}));
    }
    let mut config = Map::new();
    if let Some(limit) = options.max_output_tokens {
        config.insert("maxOutputTokens".to_owned(), json!(limit));
    }
    if let Some(temperature) = options.temperature.filter(|_| can.temperature) {
        config.insert("temperature".to_owned(), json!(temperature));
    }
    if can.thinking == Thinking::Shown && !options.brief {
        config.insert("thinkingConfig".to_owned(), json!({"includeThoughts": true}));
    }
    if let Some(shape) = options.shape.filter(|_| can.structured_output) {
        config.insert("responseMimeType".to_owned(), json!("application/json"));
        config.insert("responseJsonSchema".to_owned(), shape.schema());
    }
    if !config.is_empty() {
        body.insert("generationConfig".to_owned(), Value::Object(config));
    }
    Value::Object(body)
}
