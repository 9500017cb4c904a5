use domain::Sender;
use serde_json::{Map, Value, json};

use crate::capabilities::LimitField;
use crate::codec::Request;

/// The body of a request for a streamed answer.
pub(in crate::codec) fn request_body(request: &Request<'_>) -> Value {
    let Request { model, options, can, .. } = request;
    let system = request.system().map(|text| json!({"role": can.system_role.as_str(), "content": text}));
    let turns = request.turns().into_iter().map(|(sender, content)| match sender {
        Sender::User => json!({"role": "user", "content": content}),
        Sender::Assistant => json!({"role": "assistant", "content": content}),
    });
    let messages: Vec<_> = system.into_iter().chain(turns).collect();
    let mut body = Map::from_iter([
        ("model".to_owned(), json!(model)),
        ("messages".to_owned(), json!(messages)),
        ("stream".to_owned(), json!(true)),
    ]);
    if can.stream_options {
        body.insert("stream_options".to_owned(), json!({"include_usage": true}));
    }
    if let Some(limit) = options.max_output_tokens {
        let field = match can.limit_field {
            LimitField::MaxTokens => "max_tokens",
            LimitField::MaxCompletionTokens => "max_completion_tokens",
        };
        body.insert(field.to_owned(), json!(limit));
    }
    if let Some(temperature) = options.temperature.filter(|_| can.temperature) {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if options.brief && can.effort {
        body.insert("reasoning_effort".to_owned(), json!("low"));
    }
    if let Some(shape) = options.shape.filter(|_| can.structured_output) {
        let schema = json!({"name": shape.name, "strict": true, "schema": shape.schema()});
        body.insert("response_format".to_owned(), json!({"type": "json_schema", "json_schema": schema}));
    }
    Value::Object(body)
}
