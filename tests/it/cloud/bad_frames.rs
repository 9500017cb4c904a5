//! A frame that does not fit is answered by a sentence; the socket stays open and nothing that was accepted is lost.

use serde_json::{Value, json};
use testkit::Socket;

use crate::portal::{Portal, say};

async fn refused(socket: &mut Socket, text: &str) -> Value {
    socket.send_text(text).await;
    let frame = socket.until(&["error"]).await.pop().unwrap();
    frame["problem"].clone()
}

#[tokio::test]
async fn a_frame_that_does_not_fit_is_refused_by_name_and_the_socket_stays_open() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let mut socket = portal.cloud.watch(conversation).await;
    let send = |field: &str, value: Value| {
        let mut frame = json!({"action": "sendMessage", "client_id": "one", "content": "Hello"});
        frame[field] = value;
        frame.to_string()
    };

    for (text, status, named) in [
        ("{".to_owned(), 400, "JSON"),
        ("[]".to_owned(), 400, "JSON object"),
        (json!({"action": "dance"}).to_string(), 422, "action"),
        (json!({"content": "Hello"}).to_string(), 422, "action"),
        (send("colour", json!("red")), 422, "colour"),
        (send("content", json!("")), 422, "content"),
        (send("content", json!(7)), 422, "content"),
        (send("client_id", json!("a b")), 422, "client_id"),
        (send("model", json!("two words")), 422, "model"),
        (send("content", json!("x".repeat(25 * 1024))), 413, "24576"),
    ] {
        let problem = refused(&mut socket, &text).await;
        assert_eq!(problem["status"], status, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(named), "{problem} does not name {named}");
    }

    socket.send(&json!({"action": "ping"})).await;
    assert_eq!(socket.until(&["pong"]).await.pop().unwrap()["conversation_id"], json!(conversation));
    say(&mut socket, "one", "Still here?").await;
    assert_eq!(portal.messages(conversation).await.len(), 2);
}

#[tokio::test]
async fn an_unknown_conversation_has_no_socket() {
    let portal = Portal::new().await;
    for id in ["01890a5d-ac96-774b-bcce-b302099a8057", "not-a-uuid"] {
        assert!(portal.cloud.open(&format!("/ws/chat/{id}/")).await.is_err(), "{id}");
    }
}

#[tokio::test]
async fn two_prompts_at_once_are_one_answer_and_one_conflict() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let (mut one, mut two) = (portal.cloud.watch(conversation).await, portal.cloud.watch(conversation).await);
    one.send(&json!({"action": "sendMessage", "client_id": "one", "content": "Me first."})).await;
    two.send(&json!({"action": "sendMessage", "client_id": "two", "content": "Me first."})).await;
    let ends = ["reply.completed", "error"];
    let (mut first, mut second) = (one.until(&ends).await, two.until(&ends).await);
    // Whoever lost still sees the answer of the other.
    for (frames, socket) in [(&mut first, &mut one), (&mut second, &mut two)] {
        if frames.last().unwrap()["type"] == "error" {
            frames.extend(socket.until(&["reply.completed"]).await);
        }
    }
    let errors: Vec<_> = first.iter().chain(&second).filter(|frame| frame["type"] == "error").collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0]["problem"]["type"], "/problems/answer-running");
    assert_eq!(portal.messages(conversation).await.len(), 2);
}

#[tokio::test]
async fn a_repeated_client_id_over_the_socket_is_one_prompt() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let mut socket = portal.cloud.watch(conversation).await;
    let first = say(&mut socket, "one", "Once.").await;
    socket.send(&json!({"action": "sendMessage", "client_id": "one", "content": "Once."})).await;
    let again = socket.until(&["message.created"]).await.pop().unwrap();
    let created = first.iter().find(|frame| frame["type"] == "message.created").unwrap();
    assert_eq!(again["message"]["id"], created["message"]["id"]);
    assert_eq!(portal.messages(conversation).await.len(), 2);
}
