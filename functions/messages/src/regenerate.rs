//! `POST /api/messages/{message_id}/regenerate/`: have a prompt answered once more.

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use domain::{MessageId, ModelId, Problem};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Caller, Json, OriginSecret, Path, Rejection};

use crate::create::{Deps, Exchange, start};

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    Ok(web::app(routes(Deps::connect(&env).await?), OriginSecret::new(env.secret("ORIGIN_SECRET")?)))
}

/// The route alone.
pub fn routes(deps: Deps) -> Router {
    web::route(Router::new(), "/api/messages/{message_id}/regenerate", post(handler)).with_state(deps)
}

/// How it is to be answered.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Regeneration)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// The model that is to answer, instead of the conversation's.
    #[schema(max_length = 200)]
    model: Option<String>,
}

/// Ask again
///
/// Another answer is written beside this one, whatever became of it, and shown. The one before is kept: `sibling_ids` names both.
#[utoipa::path(
    post,
    path = "/api/messages/{message_id}/regenerate/",
    operation_id = "regenerateAnswer",
    tag = "messages",
    params(("message_id" = MessageId, Path, description = "An answer")),
    request_body = Body,
    responses(
        (status = 202, description = "The new answer is being written", body = Exchange),
        (status = 409, description = "The conversation has ended, or an answer is being written: `message_id` says which", body = Problem),
    ),
)]
pub(crate) async fn handler(
    State(deps): State<Deps>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Json(body): Json<Body>,
) -> Result<(StatusCode, Json<Exchange>), Rejection> {
    let model = body.model.map(|model| ModelId::parse("model", &model)).transpose()?;
    let committed = deps.store.commit_regeneration(caller.id, id, model).await?;
    start(&deps, caller.id, &committed).await;
    deps.announcer.conversation_changed(caller.id, &committed.conversation).await;
    Ok((StatusCode::ACCEPTED, Json(Exchange { message: committed.message, reply: committed.reply })))
}
