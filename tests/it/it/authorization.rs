//! Every route of the template and every action of a WebSocket, run as everybody who may happen to ask. A route that is not in the table
//! fails; what is for everybody can only become less. What was answered is written into `docs/security.md`.

use std::collections::BTreeSet;

use axum::body::Body;
use http::Method;
use http::header::HeaderValue;

use crate::callers::{Caller, Rule, Scene};
use crate::matrix::{Matrix, compare_with_the_documentation};
use crate::portal::Portal;
use crate::sockets;
use crate::template::routes_of_the_template;

/// Each route, who is needed for it, and the status with which it succeeds (or, where its owner cannot succeed with what is sent here,
/// with which it answers them).
const TABLE: [(&str, Rule, u16); 28] = [
    ("GET /api/auth/setup", Rule::Public, 200),
    ("POST /api/auth/setup", Rule::Public, 403),
    ("POST /api/auth/register", Rule::Public, 403),
    ("POST /api/auth/login", Rule::Public, 401),
    ("POST /api/auth/reset", Rule::Public, 403),
    ("POST /api/auth/logout", Rule::Browser, 204),
    ("POST /api/auth/logout_everywhere", Rule::Browser, 204),
    ("GET /api/auth/me", Rule::Read, 200),
    ("PATCH /api/auth/me", Rule::Browser, 200),
    ("DELETE /api/auth/me", Rule::Browser, 403),
    ("POST /api/auth/password", Rule::Browser, 403),
    ("GET /api/auth/sessions", Rule::Browser, 200),
    ("DELETE /api/auth/sessions/{session_id}", Rule::Browser, 204),
    ("GET /api/auth/api_keys", Rule::Browser, 200),
    ("POST /api/auth/api_keys", Rule::Browser, 201),
    ("DELETE /api/auth/api_keys/{api_key_id}", Rule::Browser, 204),
    ("POST /api/auth/ws_ticket", Rule::Chat, 201),
    ("GET /api/admin/invitations", Rule::Admin, 200),
    ("POST /api/admin/invitations", Rule::Admin, 201),
    ("DELETE /api/admin/invitations/{invitation_id}", Rule::Admin, 204),
    ("POST /api/admin/reset_links", Rule::Admin, 201),
    ("GET /api/conversations", Rule::Read, 200),
    ("POST /api/conversations", Rule::Chat, 201),
    ("GET /api/conversations/{conversation_id}", Rule::Read, 200),
    ("PATCH /api/conversations/{conversation_id}", Rule::Chat, 200),
    ("DELETE /api/conversations/{conversation_id}", Rule::Chat, 204),
    ("GET /api/conversations/{conversation_id}/messages", Rule::Read, 200),
    ("POST /api/messages", Rule::Chat, 202),
];

/// Routes that no person owns anything of: everybody who is somebody gets the same.
const SHARED: [(&str, Rule, u16); 1] = [("GET /api/models", Rule::Read, 200)];

/// How many routes were for everybody when this was last thought through. Never make it more.
const MOST_PUBLIC: usize = 5;

fn table() -> impl Iterator<Item = &'static (&'static str, Rule, u16)> {
    TABLE.iter().chain(&SHARED)
}

/// What has to be answered.
fn expected(route: &str, rule: Rule, success: u16, caller: Caller) -> u16 {
    // What is named in the path, or in the body, is the owner's.
    let names = route.contains('{') || route == "POST /api/messages";
    match (rule, caller) {
        (Rule::Public, _) => success,
        (_, Caller::Anonymous | Caller::ExpiredSession | Caller::RevokedKey) => 401,
        (_, Caller::KeyWithoutScope) | (Rule::Browser, Caller::KeyInScope) | (Rule::Admin, Caller::Stranger) => 403,
        (_, Caller::Stranger | Caller::Admin) if names => 404,
        _ => success,
    }
}

#[test]
fn every_route_of_the_template_is_in_the_table_and_no_other() {
    let known: BTreeSet<String> = table().map(|(route, ..)| (*route).to_owned()).collect();
    assert_eq!(routes_of_the_template(), known, "say in TABLE who may call it");
}

/// CVE-2025-54868: a route that was left over from a test read anybody's chats, without a session.
#[test]
fn cve_2025_54868_what_is_for_everybody_can_only_become_less() {
    let public: Vec<_> = table().filter(|(_, rule, _)| *rule == Rule::Public).map(|(route, ..)| *route).collect();
    assert!(public.len() <= MOST_PUBLIC, "{public:?}");
    assert!(public.iter().all(|route| route.contains(" /api/auth/")), "{public:?}");
}

/// CVE-2026-45349, CVE-2026-31950, CVE-2026-45671: an id of somebody else's was enough, in one route or another.
#[tokio::test]
async fn cve_2026_45349_every_route_answers_everybody_as_it_should() {
    let portal = Portal::new().await;
    let mut matrix = Matrix::default();
    let mut wrong = Vec::new();
    let mut hosts = 0_u32;
    for (route, rule, success) in table() {
        let (method, path) = route.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        for caller in Caller::ALL {
            let scene = Scene::new(&portal).await;
            let request =
                scene.request(&portal, caller, *rule, method.clone(), &format!("{}/", scene.path(path))).await;
            let mut request = match scene.body(route) {
                Some(body) => request.header("content-type", "application/json").body(Body::from(body.to_string())),
                None => request.body(Body::empty()),
            }
            .unwrap();
            // From another address each time: how often one may try is not what is asked here.
            hosts += 1;
            let address = format!("10.{}.{}.{}", hosts >> 16 & 255, hosts >> 8 & 255, hosts & 255);
            request.headers_mut().insert("x-viewer-address", HeaderValue::try_from(address).unwrap());
            let answer = portal.send(request).await;
            let status = answer.status.as_u16();
            matrix.add(route, caller, status.to_string());
            let expected = expected(route, *rule, *success, caller);
            if status != expected {
                wrong.push(format!("{route} as {caller:?}: {status} instead of {expected}: {}", answer.body));
            }
            if status >= 400 {
                let kind = answer.body["type"].as_str().unwrap_or_default();
                assert!(
                    kind.starts_with("/problems/"),
                    "{route} as {caller:?} is refused without a problem: {}",
                    answer.body
                );
                assert!(!answer.headers.contains_key("set-cookie"), "{route} as {caller:?}");
            }
        }
    }
    wrong.extend(sockets::run(&portal, &mut matrix).await);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    compare_with_the_documentation(&matrix);
}

#[tokio::test]
async fn every_reason_not_to_be_let_in_looks_the_same() {
    let portal = Portal::new().await;
    let mut bodies = BTreeSet::new();
    for caller in [Caller::Anonymous, Caller::ExpiredSession, Caller::RevokedKey] {
        let scene = Scene::new(&portal).await;
        let request = scene.request(&portal, caller, Rule::Read, Method::GET, "/api/auth/me/").await;
        let answer = portal.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.headers["www-authenticate"], "Bearer realm=\"recollect\"");
        bodies.insert(answer.problem(401, "unauthenticated").to_string());
    }
    for credential in [
        "Bearer",
        "Bearer x",
        "Bearer rck_0",
        "Basic YTpi",
        "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "Bearer \u{e9}",
    ] {
        let request =
            crate::portal::anonymous(Method::GET, "/api/auth/me/").header("authorization", credential.as_bytes());
        bodies.insert(
            portal.send(request.body(Body::empty()).unwrap()).await.problem(401, "unauthenticated").to_string(),
        );
    }
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

#[tokio::test]
async fn a_key_in_the_address_opens_nothing() {
    let portal = Portal::new().await;
    let scene = Scene::new(&portal).await;
    let key = scene.owner.key.expose();
    for query in [format!("?api_key={key}"), format!("?access_token={key}"), format!("?key={key}")] {
        let request = crate::portal::anonymous(Method::GET, &format!("/api/auth/me/{query}"));
        portal.send(request.body(Body::empty()).unwrap()).await.problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once() {
    let portal = Portal::new().await;
    let scene = Scene::new(&portal).await;
    let me = || crate::portal::browser(Method::GET, "/api/auth/me/", &scene.owner.session).body(Body::empty()).unwrap();
    portal.send(me()).await.expect(200);
    let disable = format!(
        "BEGIN; SET LOCAL app.user_id = '{0}'; UPDATE users SET disabled_at = now() WHERE id = '{0}'; COMMIT",
        scene.owner.id
    );
    portal.database.as_owner(disable).await;
    portal.send(me()).await.problem(401, "unauthenticated");
}
