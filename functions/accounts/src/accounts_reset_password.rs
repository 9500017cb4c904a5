//! `POST /api/auth/reset/`: set a new password with a link.

use auth::{Password, Token, TokenKind};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use domain::Fault;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Anyone, Json, Rejection, Viewer};

use crate::GuardedClosing;
use crate::passwords::hash;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let deps = GuardedClosing::connect(&env).await?;
    crate::serve(&env, deps.guarded.store.clone(), routes(deps))
}

/// The route alone.
pub fn routes(deps: GuardedClosing) -> Router {
    web::route(Router::new(), "/api/auth/reset", post(handler)).with_state(deps)
}

/// The link's token and the new password.
#[derive(Deserialize, ToSchema)]
#[schema(as = PasswordReset)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// What stands behind the `#` of the link.
    token: String,
    /// The one that is to be.
    #[schema(min_length = 10, max_length = 200)]
    new_password: String,
}

/// Set a new password
///
/// With a link that an admin or the operator made, once, within an hour. Everything is signed out, and API keys are revoked.
#[utoipa::path(
    post,
    path = "/api/auth/reset/",
    operation_id = "resetPassword",
    tag = "accounts",
    request_body = Body,
    responses((status = 204, description = "Sign in with it")),
)]
pub(crate) async fn handler(
    State(GuardedClosing { guarded, announcer }): State<GuardedClosing>,
    _: Anyone,
    viewer: Viewer,
    Json(body): Json<Body>,
) -> Result<StatusCode, Rejection> {
    guarded.count_guess(&viewer).await?;
    let token = Token::parse(TokenKind::ResetLink, body.token.trim());
    let token = token.ok_or(Fault::Forbidden("The link is not one, or was not copied as a whole"))?.hash();
    let email = guarded.store.address_of_reset_link(token).await?;
    let password = Password::parse("new_password", &body.new_password, &email)?;
    let owner = guarded.store.reset_password(token, &hash(password).await?, Some(viewer.address)).await?;
    announcer.everything_revoked(owner).await;
    Ok(StatusCode::NO_CONTENT)
}
