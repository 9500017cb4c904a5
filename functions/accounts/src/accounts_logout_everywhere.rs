//! `POST /api/auth/logout_everywhere/`: sign all browsers out.

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::post;
use http::StatusCode;
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
    web::route(Router::new(), "/api/auth/logout_everywhere", post(handler)).with_state(deps)
}

/// Sign out everywhere
///
/// All sessions end at once, this one too, and their sockets are closed. API keys stay.
#[utoipa::path(
    post,
    path = "/api/auth/logout_everywhere/",
    operation_id = "signOutEverywhere",
    tag = "accounts",
    responses((status = 204, description = "Signed out")),
)]
pub(crate) async fn handler(
    State(deps): State<Closing>,
    caller: SignedIn,
    viewer: Viewer,
    Cookie(cookie): Cookie,
) -> Result<impl IntoResponse, Rejection> {
    deps.store.revoke_all_sessions(caller.id, Some(viewer.address)).await?;
    deps.announcer.sessions_revoked(caller.id, None).await;
    Ok((StatusCode::NO_CONTENT, signed_out(&cookie)?))
}
