use axum::body::Body;
use http::Method;
use serde_json::json;

use crate::portal::{Portal, json as json_request, request};

#[tokio::test]
async fn a_conversation_is_created_read_changed_listed_and_deleted() {
    let portal = Portal::new().await;

    let created =
        portal.post("/api/conversations/", &json!({"title": "  Old dogs  ", "model": "openai/gpt-5-mini"})).await;
    let path = created.headers["location"].to_str().unwrap().to_owned();
    let conversation = created.expect(201);
    assert_eq!((&conversation["title"], &conversation["title_by"]), (&json!("Old dogs"), &json!("user")));
    assert_eq!(path, format!("/api/conversations/{}/", conversation["id"].as_str().unwrap()));

    let read = portal.get(&path).await.expect(200);
    assert_eq!(read["messages"], json!({"items": [], "next_cursor": null}));
    assert_eq!(read["model"], "openai/gpt-5-mini");

    let changed = portal.patch(&path, &json!({"title": "New tricks", "model": null, "pinned": true})).await.expect(200);
    assert_eq!(
        (&changed["title"], &changed["model"], &changed["version"]),
        (&json!("New tricks"), &json!(null), &json!(2))
    );

    let listed = portal.get("/api/conversations/?q=TRICKS").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert!(listed["items"][0]["instructions"].is_null(), "a list has no instructions");

    assert_eq!(portal.delete(&path).await.status, 204);
    portal.get(&path).await.problem(404, "not-found");
    portal.delete(&path).await.problem(404, "not-found");
}

#[tokio::test]
async fn paths_are_taken_with_and_without_the_slash_at_the_end() {
    let portal = Portal::new().await;
    let id = portal.conversation().await.id;
    for path in [
        "/api/conversations".to_owned(),
        format!("/api/conversations/{id}"),
        format!("/api/conversations/{id}/messages"),
    ] {
        portal.get(&path).await.expect(200);
        portal.get(&format!("{path}/")).await.expect(200);
    }
}

#[tokio::test]
async fn a_list_goes_on_where_its_cursor_points() {
    let portal = Portal::new().await;
    for _ in 0..5 {
        portal.conversation().await;
    }
    let mut seen = Vec::new();
    let mut next = Some("/api/conversations/?limit=2".to_owned());
    while let Some(path) = next {
        let page = portal.get(&path).await.expect(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        next = page["next_cursor"].as_str().map(|cursor| format!("/api/conversations/?limit=2&cursor={cursor}"));
    }
    let whole = portal.get("/api/conversations/?limit=10").await.expect(200);
    let whole: Vec<_> = whole["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!((seen.len(), seen), (5, whole.into_iter().map(str::to_owned).collect()));
}

#[tokio::test]
async fn what_the_client_has_already_is_not_sent_again() {
    let portal = Portal::new().await;
    let id = portal.conversation().await.id;
    for path in [
        "/api/conversations/".to_owned(),
        format!("/api/conversations/{id}/"),
        format!("/api/conversations/{id}/messages/"),
    ] {
        let first = portal.get(&path).await;
        let again =
            request(Method::GET, &path).header("if-none-match", &first.headers["etag"]).body(Body::empty()).unwrap();
        assert_eq!(portal.send(again).await.status, 304, "{path}");
    }
}

#[tokio::test]
async fn a_change_of_an_old_version_is_refused() {
    let portal = Portal::new().await;
    let path = format!("/api/conversations/{}/", portal.conversation().await.id);
    let tag = portal.get(&path).await.headers["etag"].clone();
    portal.patch(&path, &json!({"archived": true})).await.expect(200);

    let mut stale = json_request(Method::PATCH, &path, &json!({"title": "Late"}));
    stale.headers_mut().insert("if-match", tag);
    portal.send(stale).await.problem(412, "version-mismatch");

    let mut current = json_request(Method::PATCH, &path, &json!({"title": "In time"}));
    current.headers_mut().insert("if-match", portal.get(&path).await.headers["etag"].clone());
    assert_eq!(portal.send(current).await.expect(200)["title"], "In time");
}

#[tokio::test]
async fn other_windows_hear_of_a_change_and_of_the_end() {
    let portal = Portal::new().await;
    let id = portal.conversation().await.id;
    portal.aws.connect("sidebar", domain::UserId::BUILT_IN, None);
    portal.aws.connect("window", domain::UserId::BUILT_IN, Some(id));

    portal.patch(&format!("/api/conversations/{id}/"), &json!({"title": "New tricks"})).await.expect(200);
    let posts = portal.aws.posts();
    assert!(
        posts.iter().any(|(to, frame)| to == "sidebar"
            && frame["type"] == "conversation.updated"
            && frame["title"] == "New tricks"),
        "{posts:?}"
    );

    portal.delete(&format!("/api/conversations/{id}/")).await;
    assert_eq!(portal.aws.closed(), ["window"], "only the sockets that watch it are closed");
}
