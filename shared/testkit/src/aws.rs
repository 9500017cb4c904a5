use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::Credentials;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::{ConversationId, UserId};
use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

/// A peer that speaks as much of DynamoDB, Lambda and `@connections` as one function uses, over a real socket. It keeps what it was
/// asked, and refuses what it is told to refuse: the emulator does neither.
#[derive(Clone, Debug)]
pub struct AwsPeer {
    /// Where it listens.
    pub url: String,
    state: Arc<Mutex<Recorded>>,
}

#[derive(Debug, Default)]
struct Recorded {
    connections: BTreeMap<String, Value>,
    signals: BTreeMap<String, Value>,
    invocations: Vec<Value>,
    posts: Vec<(String, Value)>,
    closed: Vec<String>,
    refuse_invocations: bool,
}

impl AwsPeer {
    /// Starts one on a free port; it ends with the test.
    ///
    /// # Panics
    /// When no port can be had.
    pub async fn start() -> Self {
        let state = Arc::<Mutex<Recorded>>::default();
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        #[expect(clippy::disallowed_methods, reason = "the peer lives beside the test")]
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, state }
    }

    /// What an AWS client needs to find it.
    pub async fn sdk_config(&self) -> SdkConfig {
        aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(&self.url)
            .credentials_provider(Credentials::new("test", "test", None, None, "testkit"))
            .load()
            .await
    }

    /// Lets this connection be found: `conversation_id` is absent on an account's socket.
    pub fn connect(&self, connection_id: &str, owner: UserId, conversation: Option<ConversationId>) {
        let mut item = json!({
            "connection_id": {"S": connection_id},
            "user_id": {"S": owner.to_string()},
            "expires_at": {"N": "32503680000"},
        });
        if let Some(conversation) = conversation {
            item["conversation_id"] = json!({"S": conversation.to_string()});
        }
        self.lock().connections.insert(connection_id.to_owned(), item);
    }

    /// From now on no function can be invoked.
    pub fn refuse_invocations(&self) {
        self.lock().refuse_invocations = true;
    }

    /// The payloads of the functions that were invoked.
    pub fn invocations(&self) -> Vec<Value> {
        self.lock().invocations.clone()
    }

    /// The frames that were posted, with the connection they went to.
    pub fn posts(&self) -> Vec<(String, Value)> {
        self.lock().posts.clone()
    }

    /// The connections that were closed.
    pub fn closed(&self) -> Vec<String> {
        self.lock().closed.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Recorded> {
        self.state.lock().expect("no test panicked while it held the lock")
    }
}

async fn answer(State(state): State<Arc<Mutex<Recorded>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let mut state = state.lock().expect("no test panicked while it held the lock");
    let path = parts.uri.path();
    if let Some(operation) = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok()) {
        return dynamodb(&mut state, operation, &body);
    }
    if path.ends_with("/invocations") {
        if state.refuse_invocations {
            return (StatusCode::FORBIDDEN, "{}").into_response();
        }
        state.invocations.push(json(&body));
        return StatusCode::ACCEPTED.into_response();
    }
    let Some((_, connection)) = path.split_once("/@connections/") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let connection = connection.replace("%3D", "=");
    if !state.connections.contains_key(&connection) {
        return StatusCode::GONE.into_response();
    }
    if parts.method == Method::DELETE {
        state.closed.push(connection);
        return StatusCode::NO_CONTENT.into_response();
    }
    state.posts.push((connection, json(&body)));
    StatusCode::OK.into_response()
}

/// Any query finds the connections that have the value it asks for, whatever the index: ids are unique among them.
fn dynamodb(state: &mut Recorded, operation: &str, body: &Bytes) -> Response {
    let request = json(body);
    let answer = match operation.rsplit_once('.').map(|(_, name)| name) {
        Some("Query") => {
            let wanted = request["ExpressionAttributeValues"].as_object().cloned().unwrap_or_default();
            let found = |item: &&Value| {
                item.as_object()
                    .is_some_and(|item| item.values().any(|held| wanted.values().any(|value| value == held)))
            };
            let items: Vec<_> = state.connections.values().filter(found).cloned().collect();
            json!({"Count": items.len(), "ScannedCount": items.len(), "Items": items})
        }
        // Signals to the writers of answers are read and updated by their answer alone.
        Some("GetItem") if request["Key"]["message_id"].is_object() => {
            let id = request["Key"]["message_id"]["S"].as_str().unwrap_or_default();
            state.signals.get(id).map_or_else(|| json!({}), |item| json!({"Item": item}))
        }
        Some("UpdateItem") => {
            let id = request["Key"]["message_id"]["S"].as_str().unwrap_or_default().to_owned();
            assign(state.signals.entry(id).or_insert_with(|| request["Key"].clone()), &request);
            json!({})
        }
        Some("GetItem") => {
            let id = request["Key"]["connection_id"]["S"].as_str().unwrap_or_default();
            state.connections.get(id).map_or_else(|| json!({}), |item| json!({"Item": item}))
        }
        Some("PutItem") => {
            let id = request["Item"]["connection_id"]["S"].as_str().unwrap_or_default().to_owned();
            state.connections.insert(id, request["Item"].clone());
            json!({})
        }
        Some("DeleteItem") => {
            state.connections.remove(request["Key"]["connection_id"]["S"].as_str().unwrap_or_default());
            json!({})
        }
        _ => {
            return (StatusCode::BAD_REQUEST, json!({"__type": "UnknownOperationException"}).to_string())
                .into_response();
        }
    };
    ([("content-type", "application/x-amz-json-1.0")], answer.to_string()).into_response()
}

/// `SET #a = :b, c = :d`.
fn assign(item: &mut Value, request: &Value) {
    let expression = request["UpdateExpression"].as_str().unwrap_or_default();
    for (name, value) in expression.trim_start_matches("SET ").split(", ").filter_map(|part| part.split_once(" = ")) {
        let name = request["ExpressionAttributeNames"][name].as_str().unwrap_or(name);
        item[name] = request["ExpressionAttributeValues"][value].clone();
    }
}

fn json(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or(Value::Null)
}
