//! Sockets in process: who may open one, and whose frames are served.

use auth::{Token, TokenKind};
use chat::ws_connect::Connect;
use chat::ws_message::Messages;
use domain::{Clock, Credential, CredentialId, Scope};
use http::{HeaderMap, HeaderValue, StatusCode};
use limits::{Limits, Ticket, Tickets};
use realtime::{Connection, Connections, ReplyInvoker, Sender};
use runtime::{SocketEvent, SocketHandler as _, SocketStep};
use serde_json::{Value, json};
use store::Action;
use testkit::{Person, key};

use crate::callers::{Caller, Rule, Scene};
use crate::matrix::Matrix;
use crate::portal::{ORIGIN, Portal, access, rate};

struct Sockets {
    connect: Connect,
    messages: Messages,
    connections: Connections,
    tickets: Tickets,
}

impl Sockets {
    async fn of(portal: &Portal) -> Self {
        let (config, clock) = (portal.aws.sdk_config().await, portal.database.clock.clone());
        let store = portal.database.store.clone();
        let connections = Connections::new(&config, "connections".to_owned(), clock.clone());
        let tickets = Tickets::new(&config, "tickets".to_owned(), clock.clone());
        Self {
            connect: Connect {
                store: store.clone(),
                connections: connections.clone(),
                tickets: tickets.clone(),
                access: access(store.clone()),
            },
            messages: Messages {
                store,
                connections: connections.clone(),
                sender: Sender::new(&config, &portal.aws.url),
                invoker: ReplyInvoker::new(&config, "reply".to_owned()),
                limits: Limits::new(&config, "rate_limits".to_owned(), clock),
                rate: rate("60/60"),
            },
            connections,
            tickets,
        }
    }

    async fn frame(&self, portal: &Portal, id: &str, frame: &Value) -> Value {
        let mut event = SocketEvent::default();
        (event.step, event.connection_id, event.body) = (SocketStep::Message, id.to_owned(), frame.to_string());
        self.messages.handle(event).await;
        let mut posts = portal.aws.posts();
        posts.retain(|(to, frame)| to == id && frame["type"] != "conversation.updated");
        posts.pop().map_or(Value::Null, |(_, frame)| frame)
    }
}

fn handshake(headers: &[(&'static str, &str)], id: &str) -> SocketEvent {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_str(value).unwrap())).collect();
    let mut event = SocketEvent::default();
    (event.step, event.connection_id, event.headers) = (SocketStep::Connect, id.to_owned(), headers);
    event
}

const DOOR: [(&str, &str); 2] = [("x-origin-secret", "of the front door"), ("x-public-origin", ORIGIN)];

fn from_page(session: &Token, id: &str) -> SocketEvent {
    let cookie = format!("recollect-8787={}", session.expose());
    handshake(&[DOOR[0], DOOR[1], ("origin", ORIGIN), ("cookie", &cookie)], id)
}

/// The actions, as an unknown one is told them.
async fn actions(sockets: &Sockets, portal: &Portal) -> Vec<String> {
    let scene = Scene::new(portal).await;
    register(sockets, portal, &scene.owner, &scene, "asks").await;
    let refused = sockets.frame(portal, "asks", &json!({"action": "dance"})).await;
    let reason = refused["problem"]["errors"][0]["reason"].as_str().unwrap().to_owned();
    reason.trim_start_matches("must be one of: ").split(", ").map(str::to_owned).collect()
}

/// A socket of somebody's on the owner's conversation, as if it had been let in.
async fn register(sockets: &Sockets, portal: &Portal, person: &Person, scene: &Scene, id: &str) {
    let identity = portal.database.store.identify(Credential::Session(person.session.hash())).await.unwrap().unwrap();
    let connection = Connection {
        id: id.to_owned().into(),
        user_id: person.id,
        credential: Some(identity.credential),
        conversation_id: Some(scene.conversation.id),
    };
    sockets.connections.register(&connection).await.unwrap();
}

/// Everybody opens a socket and sends each kind of frame; says what was not as it should be.
pub(crate) async fn run(portal: &Portal, matrix: &mut Matrix) -> Vec<String> {
    let sockets = Sockets::of(portal).await;
    let mut wrong = Vec::new();
    for caller in Caller::ALL {
        let (status, expected) = open(&sockets, portal, caller).await;
        matrix.add("$connect /ws/chat/{conversation_id}/", caller, status.to_string());
        if status != expected {
            wrong.push(format!("$connect as {caller:?}: {status} instead of {expected}"));
        }
    }
    for action in actions(&sockets, portal).await {
        for caller in Caller::ALL {
            let (answer, expected) = say(&sockets, portal, &action, caller).await;
            if !expected.contains(&answer.as_str()) {
                wrong.push(format!("{action} as {caller:?}: {answer} instead of {expected:?}"));
            }
            matrix.add(&action, caller, answer);
        }
    }
    wrong
}

async fn open(sockets: &Sockets, portal: &Portal, caller: Caller) -> (u16, u16) {
    let scene = Scene::new(portal).await;
    let id = format!("open-{caller:?}");
    let request = scene.request(portal, caller, Rule::Chat, http::Method::GET, "/").await;
    let headers = request.body(()).unwrap().headers().clone();
    let mut event = handshake(&[], &id);
    event.headers = headers;
    let event = event.with_parameter("conversation_id", scene.conversation.id.to_string());
    let expected = match caller {
        Caller::Owner => 200,
        Caller::Stranger | Caller::Admin => 404,
        Caller::Anonymous | Caller::ExpiredSession => 401,
        // A key is for getting a ticket, not for the handshake.
        Caller::RevokedKey | Caller::KeyWithoutScope | Caller::KeyInScope => 403,
    };
    if caller == Caller::KeyInScope {
        let credential = portal
            .database
            .store
            .identify(Credential::ApiKey(scene.owner.key.hash()))
            .await
            .unwrap()
            .unwrap()
            .credential;
        let ticket = Token::generate(TokenKind::Ticket).unwrap();
        sockets.tickets.issue(ticket.hash(), Ticket { user_id: scene.owner.id, credential }).await.unwrap();
        return (sockets.connect.handle(event.with_parameter("ticket", ticket.expose())).await.as_u16(), 200);
    }
    (sockets.connect.handle(event).await.as_u16(), expected)
}

/// CVE-2026-44564: who had joined a room could write into it. Each frame is authorised.
async fn say(sockets: &Sockets, portal: &Portal, action: &str, caller: Caller) -> (String, Vec<&'static str>) {
    let scene = Scene::new(portal).await;
    let store = &portal.database.store;
    let id = format!("{action}-{caller:?}");
    let person = match caller {
        Caller::Stranger => &scene.stranger,
        Caller::Admin => &scene.admin,
        _ => &scene.owner,
    };
    let credential = match caller {
        Caller::RevokedKey | Caller::KeyWithoutScope | Caller::KeyInScope => {
            let scopes: &[Scope] = if caller == Caller::KeyWithoutScope { &[Scope::Read] } else { &[Scope::Chat] };
            let key = key(store, person.id, scopes).await;
            store.identify(Credential::ApiKey(key.hash())).await.unwrap().unwrap().credential
        }
        _ => store.identify(Credential::Session(person.session.hash())).await.unwrap().unwrap().credential,
    };
    // The row of the table says who may be answered; nobody's socket is open, and has none.
    portal.aws.connect(&id, person.id, Some(scene.conversation.id));
    if caller == Caller::KeyWithoutScope {
        // No ticket is given for such a key, so that there is no such socket.
        return ("no socket".to_owned(), vec!["no socket"]);
    }
    let connection = Connection {
        id: id.clone().into(),
        user_id: person.id,
        credential: (caller != Caller::Anonymous).then_some(credential),
        conversation_id: Some(scene.conversation.id),
    };
    sockets.connections.register(&connection).await.unwrap();
    match (caller, credential) {
        (Caller::ExpiredSession, CredentialId::Session(session)) => {
            store.revoke_session(person.id, session, Action::SignedOut, None).await.unwrap();
        }
        (Caller::RevokedKey, CredentialId::ApiKey(key)) => store.revoke_api_key(person.id, key, None).await.unwrap(),
        _ => {}
    }
    let frame = match action {
        "ping" => json!({"action": "ping"}),
        "sendMessage" => json!({"action": "sendMessage", "client_id": "one", "content": "Hello"}),
        "resume" => json!({"action": "resume"}),
        "stop" => json!({"action": "stop", "message_id": 1}),
        other => panic!("say here what a frame of {other} looks like"),
    };
    let answer = sockets.frame(portal, &id, &frame).await;
    let answer = answer["problem"]["status"]
        .as_u64()
        .map_or_else(|| answer["type"].as_str().unwrap_or("nothing").to_owned(), |status| status.to_string());
    let expected = match (action, caller) {
        (_, Caller::Anonymous | Caller::ExpiredSession | Caller::RevokedKey) => vec!["403"],
        ("ping", _) => vec!["pong"],
        (_, Caller::Stranger | Caller::Admin) => vec!["404"],
        ("sendMessage", _) => vec!["message.created"],
        // There is nothing to resume or to stop.
        _ => vec!["nothing", "404", "409", "reply.snapshot"],
    };
    (answer, expected)
}

#[tokio::test]
async fn a_page_of_another_origin_opens_no_socket() {
    let portal = Portal::new().await;
    let (sockets, scene) = (Sockets::of(&portal).await, Scene::new(&portal).await);
    let cookie = format!("recollect-8787={}", scene.owner.session.expose());
    assert_eq!(sockets.connect.handle(from_page(&scene.owner.session, "ours")).await, StatusCode::OK);
    for origin in ["https://evil.example", "http://127.0.0.1:8788", "null"] {
        let event = handshake(&[DOOR[0], DOOR[1], ("origin", origin), ("cookie", &cookie)], "foreign");
        assert_eq!(sockets.connect.handle(event).await, StatusCode::FORBIDDEN, "{origin}");
    }
    let event = handshake(&[DOOR[0], DOOR[1], ("cookie", &cookie)], "none");
    assert_eq!(sockets.connect.handle(event).await, StatusCode::FORBIDDEN, "without an origin");
    let event = handshake(&[("origin", ORIGIN), ("x-public-origin", ORIGIN), ("cookie", &cookie)], "past");
    assert_eq!(sockets.connect.handle(event).await, StatusCode::FORBIDDEN, "past the front door");
}

#[tokio::test]
async fn a_ticket_opens_one_socket_within_its_time() {
    let clock = Clock::fixed(Clock::system().now());
    let portal = Portal::with_clock(clock.clone()).await;
    let (sockets, scene) = (Sockets::of(&portal).await, Scene::new(&portal).await);
    let get = async || {
        let request = crate::callers::program(http::Method::POST, "/api/auth/ws_ticket/", &scene.owner.key);
        let body = portal.send(request.body(axum::body::Body::empty()).unwrap()).await.expect(201);
        body["ticket"].as_str().unwrap().to_owned()
    };
    let enter =
        async |ticket: &str| sockets.connect.handle(handshake(&DOOR, "program").with_parameter("ticket", ticket)).await;

    let ticket = get().await;
    let at_once = futures::future::join_all((0..8).map(|_| enter(&ticket))).await;
    assert_eq!(at_once.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{at_once:?}");
    assert!(at_once.iter().all(|status| [StatusCode::OK, StatusCode::UNAUTHORIZED].contains(status)), "{at_once:?}");

    // The table still has it: time-to-live only cleans up.
    let late = get().await;
    clock.advance(chrono::Duration::seconds(31));
    assert_eq!(portal.aws.items("tickets").len(), 1);
    assert_eq!(enter(&late).await, StatusCode::UNAUTHORIZED);
    for forged in ["", "x", scene.owner.key.expose(), scene.owner.session.expose()] {
        assert_eq!(enter(forged).await, StatusCode::UNAUTHORIZED, "{forged}");
    }
}

#[tokio::test]
async fn a_revoked_session_closes_its_sockets_at_once_and_no_others() {
    let portal = Portal::new().await;
    let (sockets, scene) = (Sockets::of(&portal).await, Scene::new(&portal).await);
    let other = Person::signed_in(&portal.database.store, scene.owner.id, scene.owner.email.clone()).await;
    for (id, session) in
        [("here", &scene.owner.session), ("elsewhere", &other.session), ("stranger", &scene.stranger.session)]
    {
        assert_eq!(sockets.connect.handle(from_page(session, id)).await, StatusCode::OK);
    }
    let logout = crate::portal::browser(http::Method::POST, "/api/auth/logout/", &scene.owner.session);
    let answer = portal.send(logout.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 204);
    let left: Vec<_> = portal.aws.items("connections").iter().map(|item| item["connection_id"]["S"].clone()).collect();
    assert_eq!(left, ["elsewhere", "stranger"]);
    assert_eq!(sockets.frame(&portal, "here", &json!({"action": "ping"})).await, Value::Null, "nobody answers it");

    let everywhere = crate::portal::browser(http::Method::POST, "/api/auth/logout_everywhere/", &other.session);
    portal.send(everywhere.body(axum::body::Body::empty()).unwrap()).await;
    let left: Vec<_> = portal.aws.items("connections").iter().map(|item| item["connection_id"]["S"].clone()).collect();
    assert_eq!(left, ["stranger"]);
    assert_eq!(sockets.connect.handle(from_page(&scene.owner.session, "again")).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_socket_that_nobody_found_when_its_session_was_revoked_is_not_served() {
    let portal = Portal::new().await;
    let (sockets, scene) = (Sockets::of(&portal).await, Scene::new(&portal).await);
    register(&sockets, &portal, &scene.owner, &scene, "missed").await;
    // As an index that lags leaves it: the session has ended, the row is there.
    portal.database.store.revoke_all_sessions(scene.owner.id, None).await.unwrap();
    let frame = json!({"action": "sendMessage", "client_id": "one", "content": "Still here?"});
    let answer = sockets.frame(&portal, "missed", &frame).await;
    assert_eq!(answer["problem"]["status"], 403, "{answer}");
    assert_eq!(portal.aws.closed(), ["missed"]);
}
