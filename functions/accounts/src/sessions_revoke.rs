//! `DELETE /api/auth/sessions/{session_id}/`: sign another browser out.

use axum::Router;
use axum::extract::State;
use axum::routing::delete;
use domain::{CredentialId, SessionId};
use http::StatusCode;
use store::Action;
use web::{Path, Rejection, SignedIn, Viewer};

use crate::Closing;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let deps = Closing::connect(&env).await?;
    crate::serve(&env, deps.store.clone(), routes(deps))
}

/// The route alone.
pub fn routes(deps: Closing) -> Router {
    web::route(Router::new(), "/api/auth/sessions/{session_id}", delete(handler)).with_state(deps)
}

/// Revoke a session
///
/// It ends at once, and its sockets are closed.
#[utoipa::path(
    delete,
    path = "/api/auth/sessions/{session_id}/",
    operation_id = "revokeSession",
    tag = "accounts",
    params(("session_id" = SessionId, Path)),
    responses((status = 204, description = "It has ended")),
)]
pub(crate) async fn handler(
    State(deps): State<Closing>,
    caller: SignedIn,
    viewer: Viewer,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Rejection> {
    deps.store.revoke_session(caller.id, id, Action::SessionRevoked, Some(viewer.address)).await?;
    deps.announcer.credential_revoked(caller.id, CredentialId::Session(id)).await;
    Ok(StatusCode::NO_CONTENT)
}
