//! What the portal is for: say something, watch the answer come, find it again.

use reqwest::Method;
use serde_json::json;
use testkit::{assembled, until};

use crate::portal::{Portal, of_type, read, say};

#[tokio::test]
async fn an_answer_streams_and_is_stored_as_it_was_shown() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let mut socket = portal.cloud.watch(conversation).await;

    let frames = say(&mut socket, "one", "Tell me about the sea.").await;

    let created = of_type(&frames, "message.created");
    assert_eq!(
        (&created["message"]["client_id"], &created["message"]["content"]),
        (&json!("one"), &json!("Tell me about the sea."))
    );
    let completed = of_type(&frames, "reply.completed");
    assert_eq!(completed["message"]["id"], created["reply_message_id"]);
    let text = assembled(&frames);
    assert!(frames.iter().filter(|frame| frame["type"] == "reply.delta").count() > 1, "it came in parts");
    assert_eq!(completed["length"], domain::utf16_len(&text));

    let stored = portal.messages(conversation).await;
    assert_eq!(stored.len(), 2);
    assert_eq!((&stored[1]["content"], &stored[1]["status"]), (&json!(text), &json!("complete")));
    assert_eq!(stored[1]["last_seq"], completed["last_seq"]);
    let listed = portal.get("/api/conversations/?q=about%20the%20sea").await;
    assert!(
        listed["items"].as_array().unwrap().iter().any(|item| item["id"] == json!(conversation)),
        "its prompt named it"
    );
}

#[tokio::test]
async fn a_second_prompt_goes_on_in_the_same_line() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let mut socket = portal.cloud.watch(conversation).await;
    say(&mut socket, "one", "First.").await;
    say(&mut socket, "two", "Second.").await;

    let stored = portal.messages(conversation).await;
    assert_eq!(stored.len(), 4);
    for pair in stored.windows(2) {
        assert_eq!(pair[1]["parent_id"], pair[0]["id"]);
    }
}

#[tokio::test]
async fn an_answer_is_finished_though_nobody_watches() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let mut socket = portal.cloud.watch(conversation).await;
    socket.send(&json!({"action": "sendMessage", "client_id": "one", "content": "Take your time."})).await;
    socket.until(&["message.created"]).await;
    socket.close().await;

    let stored =
        until(|| async { portal.messages(conversation).await.pop().filter(|answer| answer["status"] != "streaming") })
            .await;
    assert_eq!(stored["status"], "complete");
}

#[tokio::test]
async fn a_program_gets_the_finished_answer_in_one_request() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let body = json!({"conversation_id": conversation, "content": "In one request.", "client_id": "one"});
    let client = reqwest::Client::builder().build().unwrap();
    let request = client
        .request(Method::POST, portal.cloud.url("/api/messages/"))
        .header("prefer", "wait=25")
        .bearer_auth(portal.cloud.key());
    let exchange =
        read(request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap(), 200)
            .await;
    assert_eq!(exchange["reply"]["status"], "complete");
    assert!(!exchange["reply"]["content"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn a_prompt_over_http_is_shown_to_those_who_watch() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let mut socket = portal.cloud.watch(conversation).await;
    let long = "word ".repeat(10_000);
    portal
        .post("/api/messages/", &json!({"conversation_id": conversation, "content": long, "client_id": "one"}), 202)
        .await;
    let frames = socket.until(&["message.created"]).await;
    let created = of_type(&frames, "message.created");
    assert_eq!((&created["truncated"], &created["message"]["content"]), (&json!(true), &json!("")));
}

#[tokio::test]
async fn the_built_in_model_says_how_to_configure_one() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let mut socket = portal.cloud.watch(conversation).await;
    socket.send(&json!({"action": "sendMessage", "client_id": "one", "content": "Hello?", "model": "offline"})).await;
    let frames = socket.until(&["reply.completed"]).await;
    let text = assembled(&frames);
    for provider in ["LM Studio", "Ollama", "OpenAI"] {
        assert!(text.contains(provider), "{text}");
    }
}

#[tokio::test]
async fn the_models_of_the_configured_provider_are_listed() {
    let portal = Portal::new().await;
    let models = portal.get("/api/models/").await;
    let openai = models["providers"].as_array().unwrap().iter().find(|provider| provider["id"] == "openai").unwrap();
    assert_eq!(openai["state"], "ready");
    assert!(models["default"].as_str().unwrap().starts_with("openai/"), "{models}");
}
