//! Several windows of one person, and what is kept from those who do not come through the front door.

use reqwest::Method;
use serde_json::json;
use testkit::assembled;

use crate::portal::{ENDS, Portal, say};

#[tokio::test]
async fn all_windows_see_the_same_answer() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let (mut one, mut two) = (portal.cloud.watch(conversation).await, portal.cloud.watch(conversation).await);
    let first = say(&mut one, "one", "For everybody.").await;
    let mut second = two.until(&ENDS).await;
    if !second.iter().any(|frame| frame["type"] == "message.created") {
        second.extend(two.until(&["message.created"]).await);
    }
    assert_eq!(assembled(&first), assembled(&second));
}

#[tokio::test]
async fn the_account_socket_hears_of_every_conversation() {
    let portal = Portal::new().await;
    let mut account = portal.cloud.open("/ws/").await.unwrap();
    let conversation = portal.conversation().await;
    let path = format!("/api/conversations/{conversation}/");
    let renamed = portal.request(Method::PATCH, &path, Some(&json!({"title": "Heard of"}))).await;
    assert_eq!(renamed.status(), 200);
    loop {
        let frame = account.until(&["conversation.updated"]).await.pop().unwrap();
        if frame["conversation_id"] == json!(conversation) && frame["title"] == "Heard of" {
            break;
        }
    }
}

#[tokio::test]
async fn the_sockets_of_a_deleted_conversation_are_closed() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let mut socket = portal.cloud.watch(conversation).await;
    let deleted = portal.request(Method::DELETE, &format!("/api/conversations/{conversation}/"), None).await;
    assert_eq!(deleted.status(), 204);
    while socket.next().await.is_some() {}
}

#[tokio::test]
async fn the_apis_own_addresses_are_closed() {
    let portal = Portal::new().await;
    let url = format!("{}/{}/api/conversations", portal.cloud.api_url, portal.cloud.stage);
    assert_eq!(reqwest::get(url).await.unwrap().status(), 403);
    let past = testkit::Cloud { portal_url: portal.cloud.websocket_url.clone(), ..portal.cloud.clone() };
    assert!(past.open(&format!("/{}", portal.cloud.stage)).await.is_err());
}
