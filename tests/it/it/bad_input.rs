//! Whatever does not fit is refused with a sentence that names the field or the state and what was expected.

use axum::body::Body;
use http::{Method, Request};
use serde_json::json;

use crate::portal::{Portal, request};

#[tokio::test]
async fn a_field_that_does_not_fit_is_named() {
    let portal = Portal::new().await;
    let id = portal.conversation().await.id;
    let path = format!("/api/conversations/{id}/");
    let message = |field: &str, value: serde_json::Value| {
        let mut body = json!({"conversation_id": id, "content": "Hello", "client_id": "one"});
        body[field] = value;
        body
    };

    portal.post("/api/conversations/", &json!({"colour": "red"})).await.refuses("colour", "is not a field");
    portal.post("/api/conversations/", &json!({"title": "a\nb"})).await.refuses("title", "one line");
    portal.post("/api/conversations/", &json!({"title": "x".repeat(201)})).await.refuses("title", "at most 200");
    portal
        .post("/api/conversations/", &json!({"instructions": "x".repeat(8_001)}))
        .await
        .refuses("instructions", "at most 8000");
    portal.post("/api/conversations/", &json!({"model": "two words"})).await.refuses("model", "openai/");
    portal.patch(&path, &json!({"leaf_id": 7})).await.refuses("leaf_id", "message of this conversation");
    portal.patch(&path, &json!({"title": ""})).await.refuses("title", "must not be empty");

    portal.post("/api/messages/", &message("content", json!(" \n"))).await.refuses("content", "must not be empty");
    portal
        .post("/api/messages/", &message("content", json!("x".repeat(100_001))))
        .await
        .refuses("content", "at most 100000 characters");
    portal.post("/api/messages/", &message("content", json!(7))).await.refuses("content", "expected a string");
    portal.post("/api/messages/", &message("client_id", json!("a b"))).await.refuses("client_id", "letters, digits");
    portal.post("/api/messages/", &message("conversation_id", json!("42"))).await.refuses("conversation_id", "UUID");
    portal.post("/api/messages/", &json!({"content": "Hello"})).await.refuses("conversation_id", "is missing");

    portal.get("/api/conversations/?status=gone").await.refuses("status", "`active` or `ended`");
    portal.get("/api/conversations/?limit=0").await.refuses("limit", "1 to 100");
    portal.get("/api/conversations/?cursor=x").await.refuses("cursor", "next_cursor");
    portal.get("/api/conversations/?archived=1").await.refuses("archived", "`true` or `false`");
    portal.get("/api/conversations/?colour=red").await.refuses("colour", "is not a parameter");
    portal.get("/api/conversations/42/").await.refuses("conversation_id", "UUID");
    portal.get(&format!("{path}messages/?before=x")).await.refuses("before", "whole number");
    portal.get(&format!("{path}messages/?before=1&after=2")).await.refuses("after", "together");
}

#[tokio::test]
async fn the_longest_prompt_is_taken() {
    let portal = Portal::new().await;
    let id = portal.conversation().await.id;
    let content = "\u{1}".repeat(100_000);
    let exchange = portal
        .post("/api/messages/", &json!({"conversation_id": id, "content": content, "client_id": "one"}))
        .await
        .expect(202);
    assert_eq!(exchange["message"]["content"], content);
}

#[tokio::test]
async fn a_state_that_forbids_it_is_named() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let owner = domain::UserId::BUILT_IN;
    portal
        .database
        .as_owner(format!("BEGIN; SET LOCAL app.user_id = '{owner}'; UPDATE conversations SET status = 'ended' WHERE id = '{}'; COMMIT", conversation.id))
        .await;
    let body = json!({"conversation_id": conversation.id, "content": "Hello", "client_id": "one"});
    portal.post("/api/messages/", &body).await.problem(409, "conversation-ended");

    let unknown =
        json!({"conversation_id": "01890a5d-ac96-774b-bcce-b302099a8057", "content": "Hello", "client_id": "one"});
    portal.post("/api/messages/", &unknown).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_body_that_is_none_and_a_path_that_is_none_are_told_so() {
    let portal = Portal::new().await;
    let send =
        |request: http::request::Builder, body: &str| portal.send(request.body(Body::from(body.to_owned())).unwrap());

    let post = || request(Method::POST, "/api/conversations/");
    send(post(), "{}").await.problem(400, "malformed");
    send(post().header("content-type", "text/plain"), "{}").await.problem(400, "malformed");
    send(post().header("content-type", "application/json"), "{\"title\":").await.problem(400, "malformed");
    send(post().header("content-type", "application/json"), &" ".repeat(web::BODY_LIMIT + 1))
        .await
        .problem(413, "too-large");
    send(request(Method::PUT, "/api/conversations/"), "").await.problem(405, "method-not-allowed");
    let problem = send(request(Method::GET, "/api/nothing/"), "").await.problem(404, "not-found");
    assert_eq!(problem["request_id"], "the-request");
}

#[tokio::test]
async fn a_request_that_did_not_come_through_the_front_door_is_refused() {
    let portal = Portal::new().await;
    for secret in ["", "a guess"] {
        let request =
            Request::get("/api/conversations/").header("x-origin-secret", secret).body(Body::empty()).unwrap();
        portal.send(request).await.problem(403, "forbidden");
    }
    portal.send(Request::get("/api/conversations/").body(Body::empty()).unwrap()).await.problem(403, "forbidden");
}
