//! Stopping an answer over HTTP.

use domain::{ConversationId, MessageId, MessageStatus, UserId};
use serde_json::{Value, json};

use crate::portal::Portal;

/// A prompt whose answer nobody has begun to write.
async fn asked(portal: &Portal) -> (ConversationId, MessageId) {
    let conversation = portal.conversation().await.id;
    portal.aws.connect("window", UserId::BUILT_IN, Some(conversation));
    let body = json!({"conversation_id": conversation, "content": "Tell me.", "client_id": "one"});
    let exchange = portal.post("/api/messages/", &body).await.expect(202);
    (conversation, exchange["reply"]["id"].as_i64().unwrap().into())
}

fn ends(portal: &Portal) -> Vec<Value> {
    let frames = portal.aws.posts().into_iter().map(|(_, frame)| frame);
    frames.filter(|frame| frame["type"] == "reply.stopped").collect()
}

#[tokio::test]
async fn one_that_nobody_writes_ends_at_once_and_everybody_hears_of_it_once() {
    let portal = Portal::new().await;
    let (conversation, answer) = asked(&portal).await;
    let path = format!("/api/conversations/{conversation}/stop/");

    let first = portal.post(&path, &json!({"message_id": answer})).await.expect(200);
    let again = portal.post(&path, &json!({"message_id": answer})).await.expect(200);

    assert_eq!((&first["status"], &first["content"]), (&json!("stopped"), &json!("")));
    assert_eq!(first, again);
    let ends = ends(&portal);
    assert_eq!(ends.len(), 1, "{ends:?}");
    assert_eq!((&ends[0]["message"]["id"], &ends[0]["length"]), (&json!(answer), &json!(0)));
}

#[tokio::test]
async fn one_that_is_being_written_is_left_to_its_writer() {
    let portal = Portal::new().await;
    let (conversation, answer) = asked(&portal).await;
    let claimed = portal.database.store.claim_answer(UserId::BUILT_IN, answer).await.unwrap().unwrap();

    let path = format!("/api/conversations/{conversation}/stop/");
    let answered = portal.post(&path, &json!({"message_id": answer})).await.expect(202);

    assert_eq!(answered["status"], "streaming");
    assert!(ends(&portal).is_empty());
    let standing = portal.database.store.checkpoint(&claimed.claim, &store::Growth::default()).await.unwrap();
    assert_eq!(standing, store::Standing::StopRequested);
    let outcome = store::Outcome::new(MessageStatus::Stopped);
    portal.database.store.finish_answer(&claimed.claim, &store::Growth::default(), &outcome).await.unwrap().unwrap();
    assert_eq!(portal.post(&path, &json!({"message_id": answer})).await.expect(200)["status"], "stopped");
}

#[tokio::test]
async fn what_cannot_be_stopped_is_refused() {
    let portal = Portal::new().await;
    let (conversation, answer) = asked(&portal).await;
    let other = portal.conversation().await.id;
    let body = json!({"message_id": answer});
    portal.post(&format!("/api/conversations/{other}/stop/"), &body).await.problem(404, "not-found");
    let path = format!("/api/conversations/{conversation}/stop/");
    portal.post(&path, &json!({"message_id": answer.as_i64() + 999})).await.problem(404, "not-found");
    portal.post(&path, &json!({"message_id": answer.as_i64() - 1})).await.refuses("message_id", "must be an answer");
    portal.post(&path, &json!({})).await.problem(422, "invalid");
}
