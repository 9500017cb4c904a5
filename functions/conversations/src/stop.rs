//! `POST /api/conversations/{conversation_id}/stop/`: end an answer that is being written.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use domain::{Clock, ConversationId, Message, MessageId, Problem};
use http::StatusCode;
use realtime::AnswerSignals;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Caller, Json, Path, Rejection};

use crate::Deps;

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Stop {
    /// Where answers are, and who is told.
    pub deps: Deps,
    /// The way to those who write answers.
    pub signals: AnswerSignals,
}

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let signals =
        AnswerSignals::new(&realtime::aws_config().await, env.required("ANSWER_SIGNALS_TABLE")?, Clock::system());
    crate::serve(&env, routes(Stop { deps: Deps::connect(&env).await?, signals }))
}

/// The route alone.
pub fn routes(stop: Stop) -> Router {
    web::route(Router::new(), "/api/conversations/{conversation_id}/stop", post(handler)).with_state(stop)
}

/// Which answer.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = StopRequest)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// An answer of this conversation.
    message_id: MessageId,
}

/// Stop an answer
///
/// Its text so far is kept. One that nobody has begun to write ends at once; otherwise it ends within a second, and the terminal frame
/// says so. Stopping it again, or after its end, changes nothing.
#[utoipa::path(
    post,
    path = "/api/conversations/{conversation_id}/stop/",
    operation_id = "stopAnswer",
    tag = "conversations",
    params(("conversation_id" = ConversationId, Path)),
    request_body = Body,
    responses(
        (status = 200, description = "The answer has ended", body = Message),
        (status = 202, description = "Its writer will end it", body = Message),
        (status = 404, description = "There is no such conversation, or no such answer in it", body = Problem),
    ),
)]
pub(crate) async fn handler(
    State(stop): State<Stop>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(body): Json<Body>,
) -> Result<Response, Rejection> {
    let stopping = stop.deps.store.request_stop(caller.id, id, body.message_id).await?;
    if stopping.ended_now {
        stop.deps.announcer.reply_ended(caller.id, &stopping.answer).await;
    }
    if stopping.answer.status.is_final() {
        return Ok(Json(stopping.answer).into_response());
    }
    if let Err(fault) = stop.signals.stop(body.message_id).await {
        // The writer sees it at its next checkpoint.
        tracing::warn!(error = &fault as &dyn std::error::Error, message.id = %body.message_id, "a stop is not hurried");
    }
    Ok((StatusCode::ACCEPTED, Json(stopping.answer)).into_response())
}
