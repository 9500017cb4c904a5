use reqwest::Method;
use serde_json::json;
use tokio::time::Instant;

use crate::client::Client;
use crate::figures::{Figures, head, line};

const TURNS: usize = 100;

/// Requests of the HTTP API, beside the peer's own list of models: the smallest request that its server answers.
pub(crate) async fn measure(client: &Client) -> anyhow::Result<()> {
    let conversation = client.portal(Method::POST, "/api/conversations/", Some(json!({}))).await?;
    let path = format!("/api/conversations/{}/", conversation["id"].as_str().unwrap_or_default());
    head("REST, one request at a time");
    for (name, method, path, body) in [
        ("GET /api/models/", Method::GET, "/api/models/", None),
        ("GET /api/conversations/", Method::GET, "/api/conversations/", None),
        ("GET /api/conversations/{id}/", Method::GET, &*path, None),
        ("POST /api/conversations/", Method::POST, "/api/conversations/", Some(json!({}))),
    ] {
        let (mut portal, mut straight) = (Figures::default(), Figures::default());
        for _ in 0..TURNS {
            let begun = Instant::now();
            client.portal(method.clone(), path, body.clone()).await?;
            portal.add(begun.elapsed());
            let begun = Instant::now();
            client.peer_models().await?;
            straight.add(begun.elapsed());
        }
        line(name, &portal, &straight);
    }
    Ok(())
}
