use axum::Router;
use axum::body::Body;
use domain::{Clock, Conversation, UserId};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use realtime::{Announcer, AnswerSignals, ReplyInvoker};
use serde_json::Value;
use store::NewConversation;
use testkit::{AwsPeer, Database};
use tower::ServiceExt as _;
use web::OriginSecret;

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

impl Portal {
    pub(crate) async fn new() -> Self {
        Self::with_clock(Clock::system()).await
    }

    pub(crate) async fn with_clock(clock: Clock) -> Self {
        let database = Database::with_clock(clock.clone()).await;
        let aws = AwsPeer::start().await;
        let config = aws.sdk_config().await;
        let store = database.store.clone();
        let announcer = Announcer::new(&config, "connections".to_owned(), &aws.url, clock.clone());
        let signals = AnswerSignals::new(&config, "answer_signals".to_owned(), clock);
        let invoker = ReplyInvoker::new(&config, "reply".to_owned());
        let changing = conversations::Deps { store: store.clone(), announcer: announcer.clone() };
        let answering = messages::create::Deps { store: store.clone(), announcer, invoker };
        let routes = Router::new()
            .merge(conversations::list::routes(store.clone()))
            .merge(conversations::create::routes(changing.clone()))
            .merge(conversations::get::routes(store.clone()))
            .merge(conversations::messages::routes(store.clone()))
            .merge(conversations::update::routes(changing.clone()))
            .merge(conversations::delete::routes(changing.clone()))
            .merge(conversations::stop::routes(conversations::stop::Stop { deps: changing, signals }))
            .merge(messages::create::routes(answering.clone()))
            .merge(messages::edit::routes(answering.clone()))
            .merge(messages::regenerate::routes(answering));
        Self { database, aws, router: web::app(routes, OriginSecret::new(SECRET.into())) }
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

/// A request as the front door passes it on.
pub(crate) fn request(method: Method, path: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(OriginSecret::HEADER, SECRET)
        .header("x-request-id", "the-request")
}

pub(crate) fn json(method: Method, path: &str, body: &Value) -> Request<Body> {
    request(method, path).header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()
}
