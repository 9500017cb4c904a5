//! `POST /api/auth/logout/`: sign this browser out.

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::post;
use domain::CredentialId;
use http::StatusCode;
use store::Action;
use web::{Cookie, Rejection, SignedIn, Viewer};

use crate::Closing;
use crate::sign_in::signed_out;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let deps = Closing::connect(&env).await?;
    crate::serve(&env, deps.store.clone(), routes(deps))
}

/// The route alone.
pub fn routes(deps: Closing) -> Router {
    web::route(Router::new(), "/api/auth/logout", post(handler)).with_state(deps)
}

/// Sign out
///
/// The session ends at once, and its sockets are closed.
#[utoipa::path(
    post,
    path = "/api/auth/logout/",
    operation_id = "signOut",
    tag = "accounts",
    responses((status = 204, description = "Signed out")),
)]
pub(crate) async fn handler(
    State(deps): State<Closing>,
    caller: SignedIn,
    viewer: Viewer,
    Cookie(cookie): Cookie,
) -> Result<impl IntoResponse, Rejection> {
    deps.store.revoke_session(caller.id, caller.session, Action::SignedOut, Some(viewer.address)).await?;
    deps.announcer.credential_revoked(caller.id, CredentialId::Session(caller.session)).await;
    Ok((StatusCode::NO_CONTENT, signed_out(&cookie)?))
}
