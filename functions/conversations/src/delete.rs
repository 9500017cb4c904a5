//! `DELETE /api/conversations/{conversation_id}/`: delete a conversation for good.

use axum::Router;
use axum::extract::State;
use axum::routing::delete;
use domain::ConversationId;
use http::StatusCode;
use web::{Caller, Path, Rejection};

use crate::Deps;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let deps = Deps::connect(&env).await?;
    crate::serve(&env, deps.store.clone(), routes(deps))
}

/// The route alone.
pub fn routes(deps: Deps) -> Router {
    web::route(Router::new(), "/api/conversations/{conversation_id}", delete(handler)).with_state(deps)
}

/// Delete a conversation
///
/// With all its messages, for good. Its sockets are closed; what search knows of it is purged by a job.
#[utoipa::path(
    delete,
    path = "/api/conversations/{conversation_id}/",
    operation_id = "deleteConversation",
    tag = "conversations",
    params(("conversation_id" = ConversationId, Path)),
    responses((status = 204, description = "It is gone")),
)]
pub(crate) async fn handler(
    State(deps): State<Deps>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<StatusCode, Rejection> {
    deps.store.delete_conversation(caller.id, id).await?;
    deps.announcer.conversation_deleted(caller.id, id).await;
    Ok(StatusCode::NO_CONTENT)
}
