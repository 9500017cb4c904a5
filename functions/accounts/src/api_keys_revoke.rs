//! `DELETE /api/auth/api_keys/{api_key_id}/`: revoke a key.

use axum::Router;
use axum::extract::State;
use axum::routing::delete;
use domain::{ApiKeyId, CredentialId};
use http::StatusCode;
use web::{Path, Rejection, SignedIn, Viewer};

use crate::Closing;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let deps = Closing::connect(&env).await?;
    crate::serve(&env, deps.store.clone(), routes(deps))
}

/// The route alone.
pub fn routes(deps: Closing) -> Router {
    web::route(Router::new(), "/api/auth/api_keys/{api_key_id}", delete(handler)).with_state(deps)
}

/// Revoke an API key
///
/// It ends at once, and the sockets that were opened with it are closed.
#[utoipa::path(
    delete,
    path = "/api/auth/api_keys/{api_key_id}/",
    operation_id = "revokeApiKey",
    tag = "accounts",
    params(("api_key_id" = ApiKeyId, Path)),
    responses((status = 204, description = "It has ended")),
)]
pub(crate) async fn handler(
    State(deps): State<Closing>,
    caller: SignedIn,
    viewer: Viewer,
    Path(id): Path<ApiKeyId>,
) -> Result<StatusCode, Rejection> {
    deps.store.revoke_api_key(caller.id, id, Some(viewer.address)).await?;
    deps.announcer.credential_revoked(caller.id, CredentialId::ApiKey(id)).await;
    Ok(StatusCode::NO_CONTENT)
}
