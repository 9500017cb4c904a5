use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;

use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
use http::{HeaderMap, StatusCode};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};

use crate::{Env, Exit, sandbox};

/// What a function does with an event of a WebSocket.
pub trait SocketHandler: Send + Sync + 'static {
    /// Serves one event. The status decides whether a socket opens; afterwards nobody reads it.
    fn handle(&self, event: SocketEvent) -> impl Future<Output = StatusCode> + Send;
}

/// One event in the life of a WebSocket.
#[derive(Clone, Debug, Default)]
pub struct SocketEvent {
    /// Which it is.
    pub step: SocketStep,
    /// The socket: it can be posted to by this id.
    pub connection_id: String,
    /// Names the invocation in the logs.
    pub request_id: String,
    /// The headers of the handshake; only when connecting.
    pub headers: HeaderMap,
    /// The text of the frame; only with a message.
    pub body: String,
    query: Vec<(String, String)>,
}

/// A step in the life of a WebSocket.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum SocketStep {
    /// It wants to open.
    Connect,
    /// A frame came.
    #[default]
    Message,
    /// It has closed, for whatever reason.
    Disconnect,
}

impl SocketEvent {
    /// A parameter of the address that the socket was opened at; only when connecting.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The same event with another parameter.
    #[must_use]
    pub fn with_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }
}

impl From<LambdaEvent<ApiGatewayWebsocketProxyRequest>> for SocketEvent {
    fn from(event: LambdaEvent<ApiGatewayWebsocketProxyRequest>) -> Self {
        let LambdaEvent { payload, context } = event;
        let step = match payload.request_context.event_type.as_deref() {
            Some("CONNECT") => SocketStep::Connect,
            Some("DISCONNECT") => SocketStep::Disconnect,
            _ => SocketStep::Message,
        };
        let mut headers = payload.multi_value_headers;
        headers.extend(payload.headers);
        let query = payload.query_string_parameters.iter();
        Self {
            step,
            connection_id: payload.request_context.connection_id.unwrap_or_default(),
            request_id: context.request_id,
            headers,
            body: payload.body.unwrap_or_default(),
            query: query.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        }
    }
}

/// Runs a function that serves events of a WebSocket API of API Gateway.
pub fn websocket<H, B>(build: impl FnOnce(Env) -> B) -> Exit
where
    H: SocketHandler,
    B: Future<Output = anyhow::Result<H>>,
{
    sandbox::start(build, |handler| {
        let handler = Arc::new(handler);
        lambda_runtime::run_concurrent(service_fn(move |event: LambdaEvent<ApiGatewayWebsocketProxyRequest>| {
            let handler = Arc::clone(&handler);
            async move { Ok::<_, Infallible>(answer(handler.handle(event.into()).await)) }
        }))
    })
}

/// No body: API Gateway would post it to the socket.
fn answer(status: StatusCode) -> Value {
    json!({ "statusCode": status.as_u16() })
}

#[cfg(test)]
mod tests {
    use lambda_runtime::Context;

    use super::*;

    fn read(event: Value) -> SocketEvent {
        let payload = serde_json::from_value(event).expect("an event of a WebSocket API");
        LambdaEvent::new(payload, Context::default()).into()
    }

    #[test]
    fn connecting_brings_headers_and_parameters() {
        let event = read(json!({
            "headers": {"Host": "example.com", "x-origin-secret": "s"},
            "multiValueHeaders": {"Host": ["example.com"], "x-origin-secret": ["s"]},
            "queryStringParameters": {"conversation_id": "c"},
            "multiValueQueryStringParameters": {"conversation_id": ["c"]},
            "requestContext": {"eventType": "CONNECT", "connectionId": "abc=", "routeKey": "$connect", "connectedAt": 1, "requestTimeEpoch": 1},
            "isBase64Encoded": false,
        }));
        assert_eq!((event.step, event.connection_id.as_str()), (SocketStep::Connect, "abc="));
        assert_eq!(event.headers["x-origin-secret"], "s");
        assert_eq!(event.parameter("conversation_id"), Some("c"));
        assert_eq!(event.parameter("token"), None);
    }

    #[test]
    fn a_frame_brings_its_text() {
        let event = read(json!({
            "requestContext": {"eventType": "MESSAGE", "connectionId": "abc=", "routeKey": "sendMessage", "connectedAt": 1, "requestTimeEpoch": 1, "messageId": "m"},
            "body": "{\"action\":\"ping\"}",
            "isBase64Encoded": false,
        }));
        assert_eq!((event.step, event.body.as_str()), (SocketStep::Message, r#"{"action":"ping"}"#));
    }

    #[test]
    fn closing_is_told_apart() {
        let event = read(json!({
            "requestContext": {"eventType": "DISCONNECT", "connectionId": "abc=", "routeKey": "$disconnect", "disconnectStatusCode": 1006, "disconnectReason": "", "connectedAt": 1, "requestTimeEpoch": 1},
            "isBase64Encoded": false,
        }));
        assert_eq!(event.step, SocketStep::Disconnect);
        assert_eq!(answer(StatusCode::OK), json!({"statusCode": 200}));
    }
}
