use domain::UserId;
use http::Method;
use serde_json::{Value, json};
use store::{Growth, Outcome};

use crate::portal::{Portal, json as json_request};

fn prompt(conversation: &domain::Conversation, client_id: &str) -> Value {
    json!({"conversation_id": conversation.id, "content": "What did we decide?", "client_id": client_id})
}

#[tokio::test]
async fn a_prompt_is_stored_with_its_answer_and_the_writer_is_started() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    portal.aws.connect("window", UserId::BUILT_IN, Some(conversation.id));

    let exchange = portal.post("/api/messages/", &prompt(&conversation, "one")).await.expect(202);

    assert_eq!(
        (&exchange["message"]["status"], &exchange["reply"]["status"]),
        (&json!("complete"), &json!("streaming"))
    );
    assert_eq!(exchange["reply"]["parent_id"], exchange["message"]["id"]);
    let invocations = portal.aws.invocations();
    assert_eq!(invocations.len(), 1);
    assert_eq!(invocations[0]["message_id"], exchange["reply"]["id"]);
    let created: Vec<_> =
        portal.aws.posts().into_iter().filter(|(_, frame)| frame["type"] == "message.created").collect();
    assert_eq!(created.len(), 1);
    assert_eq!(created[0].1["message"]["client_id"], "one");

    let read = portal.get(&format!("/api/conversations/{}/", conversation.id)).await.expect(200);
    assert_eq!(read["messages"]["items"], json!([exchange["message"], exchange["reply"]]));
    assert_eq!(read["title"], "What did we decide?");
}

#[tokio::test]
async fn a_repeated_client_id_returns_the_first_result() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let first = portal.post("/api/messages/", &prompt(&conversation, "one")).await.expect(202);
    let again = portal.post("/api/messages/", &prompt(&conversation, "one")).await.expect(202);
    assert_eq!(first, again);
    let page = portal.get(&format!("/api/conversations/{}/messages/", conversation.id)).await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn two_sends_at_once_are_one_answer_and_one_conflict() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let (one, two) = (prompt(&conversation, "one"), prompt(&conversation, "two"));
    let (one, two) = futures::join!(portal.post("/api/messages/", &one), portal.post("/api/messages/", &two));
    let (won, lost) = if one.status == 202 { (one, two) } else { (two, one) };
    let running = won.expect(202)["reply"]["id"].clone();
    assert_eq!(lost.problem(409, "answer-running")["message_id"], running);
}

#[tokio::test]
async fn a_writer_that_cannot_be_started_fails_the_answer_at_once() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    portal.aws.connect("window", UserId::BUILT_IN, Some(conversation.id));
    portal.aws.refuse_invocations();

    portal.post("/api/messages/", &prompt(&conversation, "one")).await;

    let page = portal.get(&format!("/api/conversations/{}/messages/", conversation.id)).await.expect(200);
    assert_eq!(page["items"][1]["status"], "failed");
    assert_eq!(page["items"][1]["error"]["type"], "/problems/unavailable");
    assert!(portal.aws.posts().iter().any(|(_, frame)| frame["type"] == "reply.failed"));
    portal.post("/api/messages/", &prompt(&conversation, "two")).await.expect(202);
}

#[tokio::test]
async fn a_request_that_waits_gets_the_finished_answer() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let store = &portal.database.store;
    let mut request = json_request(Method::POST, "/api/messages/", &prompt(&conversation, "one"));
    request.headers_mut().insert("prefer", "wait=25".parse().unwrap());

    let writer = async {
        let invoked = testkit::until(|| async { portal.aws.invocations().first().cloned() }).await;
        let answer = invoked["message_id"].as_i64().unwrap().into();
        let claimed = store.claim_answer(UserId::BUILT_IN, answer).await.unwrap().unwrap();
        let grown = Growth { text: "That it ships.".to_owned(), last_seq: 1, ..Growth::default() };
        let outcome = Outcome::new(domain::MessageStatus::Complete);
        store.finish_answer(&claimed.claim, &grown, &outcome).await.unwrap().unwrap();
    };
    let (answer, ()) = futures::join!(portal.send(request), writer);

    assert_eq!(answer.headers["preference-applied"], "wait=25");
    let exchange = answer.expect(200);
    assert_eq!(
        (&exchange["reply"]["content"], &exchange["reply"]["status"]),
        (&json!("That it ships."), &json!("complete"))
    );
}

#[tokio::test]
async fn a_wait_that_is_too_short_leaves_the_answer_running() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let mut request = json_request(Method::POST, "/api/messages/", &prompt(&conversation, "one"));
    request.headers_mut().insert("prefer", "wait=1".parse().unwrap());
    assert_eq!(portal.send(request).await.expect(202)["reply"]["status"], "streaming");
}

/// A prompt of 40 KB, which no socket takes, is taken over HTTP as it is.
#[tokio::test]
async fn case_55_long_prompt_is_taken_over_http() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let content = "語 ".repeat(10 * 1024);
    assert_eq!(content.len(), 40 * 1024);
    let body = json!({"conversation_id": conversation.id, "content": content, "client_id": "one"});
    let exchange = portal.post("/api/messages/", &body).await.expect(202);
    assert_eq!(exchange["message"]["content"], content);
    let page = portal.get(&format!("/api/conversations/{}/messages/", conversation.id)).await.expect(200);
    assert_eq!(page["items"][0]["content"], content);
}
