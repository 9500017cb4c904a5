//! Accounts on the deployed portal: the whole life of one, guessing, sockets, and what every response carries.

use std::process::Command;

use reqwest::{Client, Method};
use serde_json::json;
use testkit::{ADMIN, Cloud, Person};

use crate::portal::Portal;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/account-life.sh");

#[tokio::test]
async fn the_documented_commands_walk_the_whole_life_of_an_account() {
    let cloud = Cloud::from_environment();
    let mut script = Command::new("sh");
    script.arg(SCRIPT).env("PORTAL", &cloud.portal_url).env("SETUP", cloud.setup_path.as_deref().unwrap_or_default());
    script.env("ADMIN_EMAIL", ADMIN.0).env("ADMIN_PASSWORD", ADMIN.1);
    let ran = tokio::task::spawn_blocking(move || script.output().unwrap()).await.unwrap();
    let (said, complained) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}\n{complained}");
}

#[tokio::test]
async fn fifty_guesses_at_once_are_no_more_than_one_after_the_other() {
    let cloud = Cloud::signed_in().await;
    let client = Client::builder().build().unwrap();
    let email = cloud.person.as_ref().unwrap().email.clone();
    let guess = async || {
        let body = json!({"email": email, "password": "a guess that is wrong"}).to_string();
        let request = client.post(cloud.url("/api/auth/login/")).header("origin", &cloud.portal_url);
        let request = request.header("x-csrf-protection", "1").header("content-type", "application/json");
        request.body(body).send().await.unwrap().status().as_u16()
    };
    let mut statuses = futures::future::join_all((0..50).map(|_| guess())).await;
    statuses.retain(|status| *status != 429);
    assert_eq!(statuses, [401; 10], "all others have to wait");
}

#[tokio::test]
async fn a_program_opens_a_socket_with_a_ticket_once() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let ticket = portal.post("/api/auth/ws_ticket/", &json!({}), 201).await["ticket"].as_str().unwrap().to_owned();
    let nobody = Cloud { person: None, ..portal.cloud.clone() };
    let path = format!("/ws/chat/{conversation}/?ticket={ticket}");
    let mut socket = nobody.open(&path).await.unwrap();
    socket.send(&json!({"action": "ping"})).await;
    socket.until(&["pong"]).await;
    assert!(nobody.open(&path).await.is_err(), "it is good once");
}

/// CVE-2026-31950: a stream was readable by whoever knew its name.
#[tokio::test]
async fn cve_2026_31950_nobody_watches_what_is_anothers() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    let path = format!("/ws/chat/{conversation}/");
    let stranger = Cloud { person: Some(Person::new(&portal.cloud.store().await).await), ..portal.cloud.clone() };
    assert!(stranger.open(&path).await.is_err());
    assert!(Cloud { person: None, ..portal.cloud.clone() }.open(&path).await.is_err());
    let cookie = portal.cloud.cookie();
    let foreign = portal.cloud.open_with(&path, &[("cookie", &cookie), ("origin", "https://evil.example")]).await;
    assert!(foreign.is_err(), "a page of another origin, with the owner's cookie");
    portal.cloud.open(&path).await.unwrap();
}

#[tokio::test]
async fn signing_out_closes_the_sockets_of_that_browser_at_once() {
    let portal = Portal::new().await;
    let mut account = portal.cloud.open("/ws/").await.unwrap();
    account.send(&json!({"action": "ping"})).await;
    account.until(&["pong"]).await;
    let client = Client::builder().build().unwrap();
    let request =
        client.request(Method::POST, portal.cloud.url("/api/auth/logout/")).header("cookie", portal.cloud.cookie());
    let request = request.header("origin", &portal.cloud.portal_url).header("x-csrf-protection", "1");
    assert_eq!(request.send().await.unwrap().status(), 204);
    while account.next().await.is_some() {}
    assert!(portal.cloud.open("/ws/").await.is_err(), "the cookie opens nothing any more");
}

#[tokio::test]
async fn every_response_and_page_carries_the_headers_that_protect_it() {
    let cloud = Cloud::from_environment();
    let client = Client::builder().build().unwrap();
    for path in ["/", "/account", "/api/auth/setup/", "/api/conversations/", "/api/nothing/"] {
        let response = client.get(cloud.url(path)).send().await.unwrap();
        let header =
            |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"), "{path}: {policy}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("x-frame-options"), "DENY", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert!(header("permissions-policy").contains("camera=()"), "{path}");
        assert!(response.headers().keys().all(|name| !name.as_str().starts_with("access-control-")), "{path}");
    }
}
