use domain::ConversationId;
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use testkit::{Cloud, Socket};

/// The portal as a program uses it.
pub(crate) struct Portal {
    pub(crate) cloud: Cloud,
    client: Client,
}

/// The frames that end an answer.
pub(crate) const ENDS: [&str; 4] = ["reply.completed", "reply.stopped", "reply.interrupted", "reply.failed"];

impl Portal {
    /// In the name of a person of the test's own.
    pub(crate) async fn new() -> Self {
        Self { cloud: Cloud::signed_in().await, client: Client::builder().build().unwrap() }
    }

    pub(crate) async fn request(&self, method: Method, path: &str, body: Option<&Value>) -> Response {
        let request = self.client.request(method, self.cloud.url(path)).bearer_auth(self.cloud.key());
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string()),
            None => request,
        };
        request.send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        read(self.request(Method::GET, path, None).await, 200).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value, status: u16) -> Value {
        read(self.request(Method::POST, path, Some(body)).await, status).await
    }

    pub(crate) async fn conversation(&self) -> ConversationId {
        let conversation = self.post("/api/conversations/", &json!({}), 201).await;
        conversation["id"].as_str().unwrap().parse().unwrap()
    }

    /// The messages as they are stored.
    pub(crate) async fn messages(&self, conversation: ConversationId) -> Vec<Value> {
        let page = self.get(&format!("/api/conversations/{conversation}/messages/")).await;
        page["items"].as_array().unwrap().clone()
    }
}

pub(crate) async fn read(response: Response, status: u16) -> Value {
    let (found, body) = (response.status().as_u16(), response.bytes().await.unwrap());
    assert_eq!(found, status, "{}", String::from_utf8_lossy(&body));
    if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() }
}

/// Says something and collects what comes until the answer has ended.
pub(crate) async fn say(socket: &mut Socket, client_id: &str, content: &str) -> Vec<Value> {
    socket.send(&json!({"action": "sendMessage", "client_id": client_id, "content": content})).await;
    let mut frames = socket.until(&ENDS).await;
    // The two are sent at the same time: the shorter answer may end before the acknowledgement comes.
    if !frames.iter().any(|frame| frame["type"] == "message.created") {
        frames.extend(socket.until(&["message.created"]).await);
    }
    frames
}

pub(crate) fn of_type<'a>(frames: &'a [Value], kind: &str) -> &'a Value {
    frames.iter().find(|frame| frame["type"] == kind).unwrap_or_else(|| panic!("no {kind} in {frames:?}"))
}
