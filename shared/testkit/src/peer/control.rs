//! A peer told what to do over HTTP, for tests in other processes and languages.
//!
//! | Request | Does |
//! |---|---|
//! | `POST /scripts` | queues one [`Script`] or a list of them; or shorter `{"tokens": ["Hel", "lo"], "when"?, "times"?, "every_ms"?, "dialect"?}` |
//! | `PUT /models` | `["a", "b"]` lists these models from now on; a [`Script`] answers so |
//! | `GET /requests` | the requests so far, each as [`PeerRequest`](super::PeerRequest); `ending` says how they ended |
//! | `POST /release` | `"name"` lets the scripts go on that hold at this name, or will |
//! | `POST /reset` | forgets scripts, requests and releases |
//!
//! What cannot be read is answered with 400 and the reason as plain text.

use std::net::Ipv4Addr;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::Value;
use tokio::net::TcpListener;
use url::Url;

use super::{Dialect, Peer, Script};

/// The short form of a good answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GoodAnswer {
    tokens: Vec<String>,
    when: Option<String>,
    times: Option<usize>,
    #[serde(default)]
    every_ms: u64,
    #[serde(default)]
    dialect: Dialect,
}

/// The control API of a peer, bound to a free port of this machine.
#[derive(Debug)]
pub struct Control {
    listener: TcpListener,
    routes: Router,
    /// Where it listens, without a path.
    pub url: Url,
}

impl Control {
    /// Binds it.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn bind(peer: Peer) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let url = format!("http://{address}").parse().expect("an address makes a URL");
        let routes = Router::new()
            .route("/scripts", post(enqueue))
            .route("/models", put(set_models))
            .route("/requests", get(requests))
            .route("/release", post(release))
            .route("/reset", post(reset))
            .with_state(peer);
        Self { listener, routes, url }
    }

    /// Answers for ever.
    pub async fn serve(self) -> std::io::Result<()> {
        axum::serve(self.listener, self.routes).await
    }
}

async fn enqueue(State(peer): State<Peer>, body: Bytes) -> Response {
    done(scripts(&body).map(|scripts| scripts.into_iter().for_each(|script| peer.enqueue(script))))
}

async fn set_models(State(peer): State<Peer>, body: Bytes) -> Response {
    done(models(&body).map(|script| peer.set_models(script)))
}

async fn release(State(peer): State<Peer>, body: Bytes) -> Response {
    done(serde_json::from_slice::<String>(&body).map(|name| peer.release(&name)))
}

async fn requests(State(peer): State<Peer>) -> Response {
    let requests = serde_json::to_string(&peer.requests()).expect("requests are JSON");
    ([(CONTENT_TYPE, "application/json")], requests).into_response()
}

async fn reset(State(peer): State<Peer>) -> StatusCode {
    peer.reset();
    StatusCode::NO_CONTENT
}

fn scripts(body: &[u8]) -> serde_json::Result<Vec<Script>> {
    match serde_json::from_slice(body)? {
        Value::Array(many) => many.into_iter().map(script).collect(),
        one => Ok(vec![script(one)?]),
    }
}

fn script(value: Value) -> serde_json::Result<Script> {
    if value.get("tokens").is_none() {
        return serde_json::from_value(value);
    }
    let GoodAnswer { tokens, when, times, every_ms, dialect } = serde_json::from_value(value)?;
    Ok(Script { when, times, ..Script::tokens_of(dialect, tokens).every(every_ms) })
}

fn models(body: &[u8]) -> serde_json::Result<Script> {
    match serde_json::from_slice(body)? {
        names @ Value::Array(_) => Ok(Script::models(serde_json::from_value::<Vec<String>>(names)?)),
        script => serde_json::from_value(script),
    }
}

fn done(outcome: serde_json::Result<()>) -> Response {
    match outcome {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    }
}
