use anyhow::{Context as _, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Cloud, Socket};

/// Both ends that are compared.
pub(crate) struct Client {
    pub(crate) cloud: Cloud,
    http: reqwest::Client,
    peer_url: String,
}

impl Client {
    pub(crate) fn new(cloud: Cloud) -> anyhow::Result<Self> {
        let peer_url = cloud.peer_url.clone().context("start the cloud with --open-ai-peer")?;
        Ok(Self { cloud, http: reqwest::Client::builder().build()?, peer_url })
    }

    /// A request to the portal, answered in full.
    pub(crate) async fn portal(&self, method: Method, path: &str, body: Option<Value>) -> anyhow::Result<Value> {
        let request = self.http.request(method, self.cloud.url(path)).bearer_auth(self.cloud.key());
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let response = request.send().await?.error_for_status()?;
        let body = response.bytes().await?;
        Ok(if body.is_empty() { Value::Null } else { serde_json::from_slice(&body)? })
    }

    /// The peer's list of models, answered in full.
    pub(crate) async fn peer_models(&self) -> anyhow::Result<()> {
        self.http.get(format!("{}/v1/models", self.peer_url)).send().await?.error_for_status()?.bytes().await?;
        Ok(())
    }

    /// Asks the peer as the portal does, and waits for the first piece of the answer; then reads it to its end.
    pub(crate) async fn peer_first_piece(&self, content: &str) -> anyhow::Result<std::time::Duration> {
        let begun = tokio::time::Instant::now();
        let body = json!({"model": "bench", "stream": true, "messages": [{"role": "user", "content": content}]});
        let request = self.http.post(format!("{}/v1/chat/completions", self.peer_url)).json(&body);
        let mut response = request.send().await?.error_for_status()?;
        ensure!(response.chunk().await?.is_some(), "the peer answered nothing");
        let taken = begun.elapsed();
        while response.chunk().await?.is_some() {}
        Ok(taken)
    }

    /// A new conversation with its socket.
    pub(crate) async fn conversation(&self) -> anyhow::Result<Socket> {
        let conversation = self.portal(Method::POST, "/api/conversations/", Some(json!({}))).await?;
        let id = conversation["id"].as_str().context("a conversation has an id")?.parse()?;
        Ok(self.cloud.watch(id).await)
    }
}

/// Says something, and tells how long it took to the first piece of the answer; then reads the answer to its end.
pub(crate) async fn first_delta(
    socket: &mut Socket,
    client_id: usize,
    content: &str,
) -> anyhow::Result<std::time::Duration> {
    let begun = tokio::time::Instant::now();
    socket.send(&json!({"action": "sendMessage", "client_id": client_id.to_string(), "content": content})).await;
    socket.until(&["reply.delta"]).await;
    let taken = begun.elapsed();
    let end = socket.until(&["reply.completed", "reply.failed", "reply.interrupted"]).await;
    ensure!(
        end.last().is_some_and(|frame| frame["type"] == "reply.completed"),
        "an answer did not complete: {:?}",
        end.last()
    );
    Ok(taken)
}
