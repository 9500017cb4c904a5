//! `POST /api/messages/`: say something, and have it answered.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::{
    ClientId, Clock, Content, ConversationId, Fault, Message, MessageId, ModelId, Problem, ProblemCode, UserId,
};
use http::{HeaderName, HeaderValue, StatusCode};
use realtime::{Announcer, ReplyInvoker};
use serde::{Deserialize, Serialize};
use store::{CommittedPrompt, NewPrompt, Store};
use tokio::time::{Instant, sleep_until};
use utoipa::ToSchema;
use web::{Caller, Json, OriginSecret, PreferWait, Rejection};

/// How long to wait before the answer is looked at again: at first as long as a short answer takes, then ever longer.
const FIRST_LOOK: Duration = Duration::from_millis(100);
const LATER_LOOKS: Duration = Duration::from_secs(1);

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Deps {
    /// Where prompts and answers are.
    pub store: Store,
    /// Tells the sockets that watch the conversation.
    pub announcer: Announcer,
    /// Starts the function that answers.
    pub invoker: ReplyInvoker,
}

impl Deps {
    pub(crate) async fn connect(env: &runtime::Env) -> anyhow::Result<Self> {
        let store = Store::connect(&env.secret("DATABASE_URL")?, Clock::system()).await?;
        let aws = realtime::aws_config().await;
        let (table, endpoint) = (env.required("CONNECTIONS_TABLE")?, env.required("WS_MANAGEMENT_ENDPOINT")?);
        let announcer = Announcer::new(&aws, table, &endpoint, Clock::system());
        Ok(Self { store, announcer, invoker: ReplyInvoker::new(&aws, env.required("REPLY_FUNCTION")?) })
    }
}

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    Ok(web::app(routes(Deps::connect(&env).await?), OriginSecret::new(env.secret("ORIGIN_SECRET")?)))
}

/// The route alone.
pub fn routes(deps: Deps) -> Router {
    web::route(Router::new(), "/api/messages", post(handler)).with_state(deps)
}

/// A prompt.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewMessage)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// Where it is said.
    conversation_id: ConversationId,
    /// What is said: 1 to 100,000 characters.
    #[schema(min_length = 1, max_length = 100_000)]
    content: String,
    /// Your own name for it: sending it again returns the first result.
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9_-]+$")]
    client_id: String,
    /// The model that is to answer it, instead of the conversation's.
    #[schema(max_length = 200)]
    model: Option<String>,
}

impl TryFrom<Body> for NewPrompt {
    type Error = Fault;

    fn try_from(body: Body) -> Result<Self, Fault> {
        Ok(Self {
            conversation_id: body.conversation_id,
            content: Content::parse("content", &body.content)?,
            client_id: ClientId::parse("client_id", &body.client_id)?,
            model: body.model.map(|model| ModelId::parse("model", &model)).transpose()?,
        })
    }
}

/// A stored prompt with its answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Exchange {
    /// The prompt.
    pub(crate) message: Message,
    /// The answer as far as it is.
    pub(crate) reply: Message,
}

/// Say something
///
/// The prompt is stored before a model is asked. The answer is written meanwhile: watch it over the WebSocket, read it again, or
/// let this request wait for it with `Prefer: wait=25`.
#[utoipa::path(
    post,
    path = "/api/messages/",
    operation_id = "createMessage",
    tag = "messages",
    params(("Prefer" = Option<String>, Header, description = "`wait=25`: hold the response for up to 25 seconds, until the answer is finished")),
    request_body = Body,
    responses(
        (status = 200, description = "The answer finished within the wait", body = Exchange),
        (status = 202, description = "The prompt is stored, the answer is being written", body = Exchange),
        (status = 409, description = "The conversation has ended, or an answer is being written: `message_id` says which", body = Problem),
    ),
)]
pub(crate) async fn handler(
    State(deps): State<Deps>,
    caller: Caller,
    PreferWait(wait): PreferWait,
    Json(body): Json<Body>,
) -> Result<Response, Rejection> {
    let deadline = wait.map(|wait| Instant::now() + wait);
    let committed = deps.store.commit_prompt(caller.id, body.try_into()?).await?;
    start(&deps, caller.id, &committed).await;

    let CommittedPrompt { message, mut reply, .. } = committed;
    if let Some(deadline) = deadline {
        reply = finished(&deps.store, caller.id, reply, deadline).await?;
    }
    let status = if reply.status.is_final() { StatusCode::OK } else { StatusCode::ACCEPTED };
    let mut response = (status, Json(Exchange { message, reply })).into_response();
    if let Some(seconds) = wait.map(|wait| wait.as_secs())
        && let Ok(applied) = HeaderValue::try_from(format!("wait={seconds}"))
    {
        response.headers_mut().insert(PREFERENCE_APPLIED, applied);
    }
    Ok(response)
}

/// Has the answer written and the sockets told, at the same time: neither waits for the other.
pub(crate) async fn start(deps: &Deps, owner: UserId, committed: &CommittedPrompt) {
    let invoke = async {
        if !committed.unclaimed {
            return;
        }
        if let Err(fault) = deps.invoker.invoke(owner, committed.reply.id, None).await {
            tracing::error!(error = &fault as &dyn std::error::Error, message.id = %committed.reply.id, "reply could not be started");
            fail(deps, owner, committed.reply.id, committed.message.conversation_id).await;
        }
    };
    let announce = async {
        if committed.repeated {
            return;
        }
        deps.announcer.message_created(owner, &committed.message, committed.reply.id).await;
        if committed.titled {
            deps.announcer.conversation_changed(owner, &committed.conversation).await;
        }
    };
    futures::join!(invoke, announce);
}

/// An answer without a writer would stay `streaming` until its lease runs out; better to say at once that it failed.
async fn fail(deps: &Deps, owner: UserId, reply: MessageId, conversation: ConversationId) {
    let problem =
        Problem::new(ProblemCode::Unavailable, "The answer could not be started. Your message is stored: ask again.");
    match deps.store.abandon_answer(owner, reply, &problem).await {
        Ok(Some(_)) => deps.announcer.reply_failed(owner, conversation, reply, &problem).await,
        Ok(None) => {}
        Err(fault) => {
            tracing::error!(error = &fault as &dyn std::error::Error, message.id = %reply, "the answer could not be marked failed");
        }
    }
}

/// Looks at an answer until it is finished, or until the deadline.
async fn finished(store: &Store, owner: UserId, mut reply: Message, deadline: Instant) -> Result<Message, Fault> {
    let mut pause = FIRST_LOOK;
    while !reply.status.is_final() && Instant::now() < deadline {
        sleep_until((Instant::now() + pause).min(deadline)).await;
        pause = (pause * 2).min(LATER_LOOKS);
        reply = store.message(owner, reply.id).await?;
    }
    Ok(reply)
}
