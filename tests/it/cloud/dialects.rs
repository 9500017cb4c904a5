//! Every dialect through the deployed portal: from the prompt over the socket to the stored answer.

use serde_json::json;
use testkit::assembled;

use crate::portal::{ENDS, Portal, of_type};

#[tokio::test]
async fn an_answer_of_every_dialect_streams_and_is_stored() {
    let portal = Portal::new();
    let models = portal.get("/api/models/").await;
    for provider in ["openai", "anthropic", "gemini"] {
        let listed = models["providers"].as_array().unwrap().iter().find(|listed| listed["id"] == provider).unwrap();
        assert_eq!(listed["state"], "ready", "{listed}");
        let model = format!("{provider}/scripted-model");
        let conversation = portal.conversation().await;
        let mut socket = portal.cloud.watch(conversation).await;
        socket.send(&json!({"action": "sendMessage", "client_id": "one", "content": "Speak.", "model": model})).await;
        let frames = socket.until(&ENDS).await;
        let completed = of_type(&frames, "reply.completed");
        assert_eq!(completed["message"]["model"], model);
        assert!(completed["message"]["usage"]["output_tokens"].as_u64().unwrap() > 0, "{completed}");
        let text = assembled(&frames);
        assert!(text.contains("Hello from the scripted peer"), "{text}");
        let stored = portal.messages(conversation).await;
        assert_eq!((&stored[1]["content"], &stored[1]["status"]), (&json!(text), &json!("complete")));
        let read = portal.get(&format!("/api/conversations/{conversation}/")).await;
        assert!(read["usage"]["output_tokens"].as_u64().unwrap() > 0, "{}", read["usage"]);
    }
}
