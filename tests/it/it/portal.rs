use accounts::{Closing, Guarded, GuardedClosing, Rates};
use auth::{Token, TokenKind};
use axum::Router;
use axum::body::Body;
use domain::{Clock, Conversation, KeyName, Scope, SignUp, UserId};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use limits::{Limits, Rate, Tickets};
use llm::{LlmSettings, Models};
use realtime::{Announcer, ReplyInvoker};
use serde_json::Value;
use store::{NewApiKey, NewConversation, Store};
use testkit::{AwsPeer, Database};
use tower::ServiceExt as _;
use web::{Access, OriginSecret};

/// Every HTTP function at once, as behind the front door.
pub(crate) struct Portal {
    pub(crate) database: Database,
    pub(crate) aws: AwsPeer,
    pub(crate) router: Router,
}

/// What a function answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

const SECRET: &str = "of the front door";
/// A key of the built-in person's; every database is one test's own.
pub(crate) const KEY: &str = "rck_00000000000000000000000000000000000000000000000000000000000000a1";
/// What the viewer sees.
pub(crate) const ORIGIN: &str = "http://127.0.0.1:8787";
/// Where the viewer is.
pub(crate) const ADDRESS: &str = "192.0.2.7";

impl Portal {
    pub(crate) async fn new() -> Self {
        Self::with_clock(Clock::system()).await
    }

    pub(crate) async fn with_clock(clock: Clock) -> Self {
        Self::of(clock, SignUp::Closed).await
    }

    pub(crate) async fn of(clock: Clock, sign_up: SignUp) -> Self {
        let database = Database::with_clock(clock.clone()).await;
        let aws = AwsPeer::start().await;
        let config = aws.sdk_config().await;
        let store = database.store.clone();
        let announcer = Announcer::new(&config, "connections".to_owned(), &aws.url, clock.clone());
        let invoker = ReplyInvoker::new(&config, "reply".to_owned());
        let limits = Limits::new(&config, "rate_limits".to_owned(), clock.clone());
        let tickets = Tickets::new(&config, "tickets".to_owned(), clock);
        let changing = conversations::Deps { store: store.clone(), announcer: announcer.clone() };
        let messages = messages::create::Deps {
            store: store.clone(),
            announcer: announcer.clone(),
            invoker,
            limits: limits.clone(),
            rate: rate("60/60"),
        };
        let routes = Router::new()
            .merge(conversations::list::routes(store.clone()))
            .merge(conversations::create::routes(changing.clone()))
            .merge(conversations::get::routes(store.clone()))
            .merge(conversations::messages::routes(store.clone()))
            .merge(conversations::update::routes(changing.clone()))
            .merge(conversations::delete::routes(changing))
            .merge(messages::create::routes(messages))
            .merge(models::list::routes(Models::new(LlmSettings::default()).unwrap()))
            .merge(accounts(&store, &announcer, &limits, tickets, sign_up));
        give_key(&database).await;
        Self { database, aws, router: web::app(routes, access(store)) }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(request(Method::DELETE, path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(json(Method::POST, path, body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(json(Method::PATCH, path, body)).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn conversation(&self) -> Conversation {
        self.database.store.create_conversation(UserId::BUILT_IN, NewConversation::default()).await.unwrap()
    }
}

impl Answer {
    /// The answer, which has to be a problem of this kind.
    pub(crate) fn problem(self, status: u16, kind: &str) -> Value {
        assert_eq!(
            (self.status.as_u16(), self.body["type"].as_str()),
            (status, Some(format!("/problems/{kind}").as_str())),
            "{:?}",
            self.body
        );
        assert_eq!(self.headers["content-type"], "application/problem+json");
        self.body
    }

    /// The answer, which has to refuse one field.
    pub(crate) fn refuses(self, field: &str, reason: &str) {
        let problem = self.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
        assert!(problem["errors"][0]["reason"].as_str().unwrap().contains(reason), "{problem}");
    }

    /// The body, which has to come with this status.
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{:?}", self.body);
        self.body
    }
}

/// Lets in whom the store knows.
pub(crate) fn access(store: Store) -> Access {
    let identify = move |credential| {
        let store = store.clone();
        async move { store.identify(credential).await }
    };
    Access::new(SECRET.into(), identify)
}

pub(crate) fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

async fn give_key(database: &Database) {
    let new = NewApiKey {
        hash: Token::parse(TokenKind::ApiKey, KEY).unwrap().hash(),
        name: KeyName::parse("name", "of the tests").unwrap(),
        scopes: vec![Scope::Read, Scope::Chat, Scope::Admin],
        expires_at: None,
    };
    database.store.create_api_key(UserId::BUILT_IN, new, None).await.unwrap();
}

fn accounts(store: &Store, announcer: &Announcer, limits: &Limits, tickets: Tickets, sign_up: SignUp) -> Router {
    let rates = Rates {
        sign_in_per_account: rate("10/900"),
        sign_in_per_address: rate("50/900"),
        registrations_per_address: rate("10/3600"),
    };
    let guarded = Guarded { store: store.clone(), limits: limits.clone(), rates };
    let closing = Closing { store: store.clone(), announcer: announcer.clone() };
    let both = GuardedClosing { guarded: guarded.clone(), announcer: announcer.clone() };
    Router::new()
        .merge(accounts::accounts_status::routes(accounts::accounts_status::Deps { store: store.clone(), sign_up }))
        .merge(accounts::accounts_setup::routes(guarded.clone()))
        .merge(accounts::accounts_register::routes(accounts::accounts_register::Deps {
            guarded: guarded.clone(),
            sign_up,
        }))
        .merge(accounts::accounts_login::routes(guarded))
        .merge(accounts::accounts_logout::routes(closing.clone()))
        .merge(accounts::accounts_logout_everywhere::routes(closing.clone()))
        .merge(accounts::accounts_get::routes(store.clone()))
        .merge(accounts::accounts_update::routes(store.clone()))
        .merge(accounts::accounts_delete::routes(both.clone()))
        .merge(accounts::accounts_change_password::routes(both.clone()))
        .merge(accounts::accounts_reset_password::routes(both))
        .merge(accounts::sessions_list::routes(store.clone()))
        .merge(accounts::sessions_revoke::routes(closing.clone()))
        .merge(accounts::api_keys_list::routes(store.clone()))
        .merge(accounts::api_keys_create::routes(store.clone()))
        .merge(accounts::api_keys_revoke::routes(closing))
        .merge(accounts::ws_tickets_create::routes(tickets))
        .merge(accounts::invitations_list::routes(store.clone()))
        .merge(accounts::invitations_create::routes(store.clone()))
        .merge(accounts::invitations_revoke::routes(store.clone()))
        .merge(accounts::reset_links_create::routes(store.clone()))
}

/// A request of nobody's, as the front door passes it on.
pub(crate) fn anonymous(method: Method, path: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(OriginSecret::HEADER, SECRET)
        .header("x-request-id", "the-request")
        .header("x-public-origin", ORIGIN)
        .header("x-viewer-address", ADDRESS)
}

/// A request of a browser that is signed in, from a page of ours.
pub(crate) fn browser(method: Method, path: &str, session: &Token) -> http::request::Builder {
    page(method, path).header("cookie", format!("recollect-8787={}", session.expose()))
}

/// A request of a page of ours, of nobody who is signed in.
pub(crate) fn page(method: Method, path: &str) -> http::request::Builder {
    anonymous(method, path).header("origin", ORIGIN).header("x-csrf-protection", "1")
}

/// A request of the built-in person's program, as the front door passes it on.
pub(crate) fn request(method: Method, path: &str) -> http::request::Builder {
    anonymous(method, path).header("authorization", format!("Bearer {KEY}"))
}

pub(crate) fn json(method: Method, path: &str, body: &Value) -> Request<Body> {
    request(method, path).header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()
}
