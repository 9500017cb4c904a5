use domain::Sender;
use serde_json::{Map, Value, json};

use crate::capabilities::Thinking;
use crate::codec::Request;

/// What an answer may be long where nobody says: every model of the last years writes that much, and a limit has to be named.
const OUTPUT_TOKENS: u32 = 8_192;
/// What is asked for at most: a limit is no wish, and a very long answer costs as much.
const MOST: u32 = 32_000;

/// The body of a request for a streamed answer.
pub(in crate::codec) fn request_body(request: &Request<'_>) -> Value {
    let Request { model, options, can, .. } = request;
    let messages = request.turns().into_iter().map(|(sender, content)| match sender {
        Sender::User => json!({"role": "user", "content": content}),
        Sender::Assistant => json!({"role": "assistant", "content": content}),
    });
    let most = can.output_tokens.map_or(OUTPUT_TOKENS, |tokens| tokens.min(MOST));
    let mut body = Map::from_iter([
        ("model".to_owned(), json!(model)),
        // Thinking counts too.
        ("max_tokens".to_owned(), json!(options.max_output_tokens.map_or(most, |wanted| wanted.min(most)))),
        ("messages".to_owned(), messages.collect()),
        ("stream".to_owned(), json!(true)),
    ]);
    if let Some(system) = request.system() {
        body.insert("system".to_owned(), json!(system));
    }
    if let Some(temperature) = options.temperature.filter(|_| can.temperature) {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if can.thinking == Thinking::Adaptive && !options.brief {
        body.insert("thinking".to_owned(), json!({"type": "adaptive"}));
    }
    if let Some(shape) = options.shape.filter(|_| can.structured_output) {
        body.insert("output_config".to_owned(), json!({"format": {"type": "json_schema", "schema": shape.schema()}}));
    }
    Value::Object(body)
}
