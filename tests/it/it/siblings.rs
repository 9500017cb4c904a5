//! Asking again, and saying something else, over HTTP.

use domain::{MessageStatus, UserId};
use serde_json::{Value, json};
use store::{Growth, Outcome};

use crate::portal::Portal;

/// A prompt with its whole answer.
async fn exchange(portal: &Portal) -> (domain::ConversationId, Value) {
    let conversation = portal.conversation().await.id;
    portal.aws.connect("window", UserId::BUILT_IN, Some(conversation));
    let body = json!({"conversation_id": conversation, "content": "Tell me.", "client_id": "one"});
    let exchange = portal.post("/api/messages/", &body).await.expect(202);
    write(portal, &exchange).await;
    (conversation, exchange)
}

async fn write(portal: &Portal, exchange: &Value) {
    let answer = exchange["reply"]["id"].as_i64().unwrap().into();
    let claimed = portal.database.store.claim_answer(UserId::BUILT_IN, answer).await.unwrap().unwrap();
    let outcome = Outcome::new(MessageStatus::Complete);
    portal.database.store.finish_answer(&claimed.claim, &Growth::default(), &outcome).await.unwrap().unwrap();
}

#[tokio::test]
async fn an_answer_is_asked_for_again_and_the_windows_are_told() {
    let portal = Portal::new().await;
    let (conversation, first) = exchange(&portal).await;
    let path = format!("/api/messages/{}/regenerate/", first["reply"]["id"]);

    let again = portal.post(&path, &json!({"model": "test/other"})).await.expect(202);

    assert_eq!(again["message"]["id"], first["message"]["id"]);
    assert_eq!((&again["reply"]["status"], &again["reply"]["model"]), (&json!("streaming"), &json!("test/other")));
    assert_eq!(portal.aws.invocations().last().unwrap()["message_id"], again["reply"]["id"]);
    let told: Vec<_> = portal.aws.posts().into_iter().map(|(_, frame)| frame).collect();
    assert!(told.iter().any(|frame| frame["reply_message_id"] == again["reply"]["id"]), "{told:?}");
    assert!(told.iter().any(|frame| frame["leaf_id"] == again["reply"]["id"]), "{told:?}");
    let page = portal.get(&format!("/api/conversations/{conversation}/messages/")).await.expect(200);
    assert_eq!(page["items"][1]["sibling_ids"], json!([first["reply"]["id"], again["reply"]["id"]]));
    assert_eq!(page["items"][0]["sibling_ids"], Value::Null);

    let running = portal.post(&path, &json!({})).await.problem(409, "answer-running");
    assert_eq!(running["message_id"], again["reply"]["id"]);
}

#[tokio::test]
async fn a_prompt_is_edited_once_under_its_client_id() {
    let portal = Portal::new().await;
    let (conversation, first) = exchange(&portal).await;
    let path = format!("/api/messages/{}/edit/", first["message"]["id"]);
    let body = json!({"content": "Tell me more.", "client_id": "two"});

    let edited = portal.post(&path, &body).await.expect(202);
    let again = portal.post(&path, &body).await.expect(202);

    assert_eq!(edited, again);
    assert_eq!(edited["message"]["content"], "Tell me more.");
    let page = portal.get(&format!("/api/conversations/{conversation}/messages/")).await.expect(200);
    assert_eq!(page["items"][0]["sibling_ids"], json!([first["message"]["id"], edited["message"]["id"]]));
    let shown = json!({"leaf_id": first["message"]["id"]});
    let back = portal.patch(&format!("/api/conversations/{conversation}/"), &shown).await.expect(200);
    assert_eq!(back["leaf_id"], first["reply"]["id"]);
}

#[tokio::test]
async fn what_cannot_be_asked_again_is_refused() {
    let portal = Portal::new().await;
    let (_, first) = exchange(&portal).await;
    let (prompt, answer) = (&first["message"]["id"], &first["reply"]["id"]);
    let edit = json!({"content": "Else.", "client_id": "two"});
    portal
        .post(&format!("/api/messages/{prompt}/regenerate/"), &json!({}))
        .await
        .refuses("message_id", "must be an answer");
    portal.post(&format!("/api/messages/{answer}/edit/"), &edit).await.refuses("message_id", "must be a prompt");
    portal.post("/api/messages/999999/regenerate/", &json!({})).await.problem(404, "not-found");
    portal.post("/api/messages/999999/edit/", &edit).await.problem(404, "not-found");
    portal.post(&format!("/api/messages/{prompt}/edit/"), &json!({"content": " "})).await.problem(422, "invalid");
}
