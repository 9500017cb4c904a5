//! Stopping an answer: the provider's connection is closed, and what was written is kept.

use std::time::Instant;

use domain::ConversationId;
use reqwest::Client;
use serde_json::{Value, json};
use testkit::{Socket, assembled, until};

use crate::portal::{ENDS, Portal, of_type};

/// How fast the peer writes, in milliseconds a piece.
const PACE: u64 = 40;

/// Has an answer of a thousand pieces begun; gives its id once some of it is there.
async fn begin(portal: &Portal, socket: &mut Socket, prompt: &str) -> (Value, Vec<Value>) {
    let script = json!({"tokens": vec!["word "; 1_000], "when": prompt, "every_ms": PACE});
    let control = portal.cloud.peer_control_url.clone().expect("the cloud has a peer");
    Client::builder()
        .build()
        .unwrap()
        .post(format!("{control}/scripts"))
        .body(script.to_string())
        .send()
        .await
        .unwrap();
    socket.send(&json!({"action": "sendMessage", "client_id": "one", "content": prompt})).await;
    let mut frames = socket.until(&["message.created"]).await;
    frames.extend(socket.until(&["reply.delta"]).await);
    frames.extend(socket.until(&["reply.delta"]).await);
    (of_type(&frames, "message.created")["reply_message_id"].clone(), frames)
}

/// The peer's request with this prompt.
async fn request(portal: &Portal, prompt: &str) -> Value {
    let control = portal.cloud.peer_control_url.clone().expect("the cloud has a peer");
    let requests: Vec<Value> = serde_json::from_slice(
        &Client::builder()
            .build()
            .unwrap()
            .get(format!("{control}/requests"))
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap(),
    )
    .unwrap();
    let found = requests.into_iter().rev().find(|request| request["body"].to_string().contains(prompt));
    found.expect("the peer was asked")
}

/// How many bytes of the answer the peer has sent.
async fn sent(portal: &Portal, prompt: &str) -> u64 {
    request(portal, prompt).await["sent_bytes"].as_u64().unwrap()
}

/// How many bytes of the body a piece of the answer is.
fn piece() -> u64 {
    let script = testkit::peer::Script::stream().token("word ");
    let testkit::peer::Step::Body(body) = script.steps.last().unwrap() else { panic!("{script:?}") };
    body.len() as u64
}

async fn assert_stopped(portal: &Portal, conversation: ConversationId, frames: &[Value]) {
    let stopped = of_type(frames, "reply.stopped");
    let stored = portal.messages(conversation).await.pop().unwrap();
    assert_eq!(stored["status"], "stopped");
    assert_eq!(stored["content"], json!(assembled(frames)));
    assert_eq!(stopped["length"], json!(assembled(frames).len()));
    assert_eq!(stored["usage"]["estimated"], true);
    assert!(stored["usage"]["output_tokens"].as_u64().unwrap() > 0);
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "how long it took is worth knowing")]
async fn a_stop_over_the_socket_closes_the_providers_connection() {
    let (portal, prompt) = (Portal::new(), "Until I say stop, over the socket.");
    let conversation = portal.conversation().await;
    let mut socket = portal.cloud.watch(conversation).await;
    let (answer, mut frames) = begin(&portal, &mut socket, prompt).await;

    let (before, asked) = (sent(&portal, prompt).await, Instant::now());
    socket.send(&json!({"action": "stop", "message_id": answer})).await;
    let gone =
        until(|| async { Some(request(&portal, prompt).await).filter(|request| request["ending"] == "client_gone") });
    gone.await;
    let (took, pieces) = (asked.elapsed(), (sent(&portal, prompt).await - before) / piece());
    println!("stop to closed provider connection: {took:?}, {pieces} pieces of {PACE} ms");
    assert!(pieces < 20, "{pieces} pieces in {took:?}");

    frames.extend(socket.until(&ENDS).await);
    assert_stopped(&portal, conversation, &frames).await;
}

#[tokio::test]
async fn a_stop_over_http_does_the_same_for_all_who_watch() {
    let (portal, prompt) = (Portal::new(), "Until I say stop, over HTTP.");
    let conversation = portal.conversation().await;
    let mut socket = portal.cloud.watch(conversation).await;
    let (answer, mut frames) = begin(&portal, &mut socket, prompt).await;

    portal.post(&format!("/api/conversations/{conversation}/stop/"), &json!({"message_id": answer}), 202).await;

    frames.extend(socket.until(&ENDS).await);
    assert_stopped(&portal, conversation, &frames).await;
    socket.send(&json!({"action": "stop", "message_id": answer})).await;
    assert_eq!(socket.until(&ENDS).await.pop().unwrap()["type"], "reply.stopped", "whoever asks again is told again");
}
