//! `POST /api/messages/{message_id}/edit/`: say something else in a prompt's place.

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use domain::{ClientId, Content, MessageId, Problem};
use http::StatusCode;
use serde::Deserialize;
use store::NewPrompt;
use utoipa::ToSchema;
use web::{Caller, Json, OriginSecret, Path, Rejection};

use crate::create::{Deps, Exchange, start};

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    Ok(web::app(routes(Deps::connect(&env).await?), OriginSecret::new(env.secret("ORIGIN_SECRET")?)))
}

/// The route alone.
pub fn routes(deps: Deps) -> Router {
    web::route(Router::new(), "/api/messages/{message_id}/edit", post(handler)).with_state(deps)
}

/// Another wording.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Edit)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// What is said instead: 1 to 100,000 characters.
    #[schema(min_length = 1, max_length = 100_000)]
    content: String,
    /// Your own name for it: sending it again returns the first result.
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9_-]+$")]
    client_id: String,
}

/// Edit a prompt
///
/// The new wording is stored beside the old one and answered, and shown. The old one is kept with all that followed it: `sibling_ids`
/// names both.
#[utoipa::path(
    post,
    path = "/api/messages/{message_id}/edit/",
    operation_id = "editPrompt",
    tag = "messages",
    params(("message_id" = MessageId, Path, description = "A prompt")),
    request_body = Body,
    responses(
        (status = 202, description = "It is stored, and its answer is being written", body = Exchange),
        (status = 409, description = "The conversation has ended, or an answer is being written: `message_id` says which", body = Problem),
    ),
)]
pub(crate) async fn handler(
    State(deps): State<Deps>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Json(body): Json<Body>,
) -> Result<(StatusCode, Json<Exchange>), Rejection> {
    let content = Content::parse("content", &body.content)?;
    let client_id = ClientId::parse("client_id", &body.client_id)?;
    let conversation_id = deps.store.message(caller.id, id).await?.conversation_id;
    let wording = NewPrompt { conversation_id, content, client_id, model: None };
    let committed = deps.store.commit_edit(caller.id, id, wording).await?;
    start(&deps, caller.id, &committed).await;
    if !committed.repeated {
        deps.announcer.conversation_changed(caller.id, &committed.conversation).await;
    }
    Ok((StatusCode::ACCEPTED, Json(Exchange { message: committed.message, reply: committed.reply })))
}
