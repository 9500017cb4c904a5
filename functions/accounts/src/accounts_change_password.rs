//! `POST /api/auth/password/`: choose another password.

use auth::{Password, PresentedPassword};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use domain::{Email, Fault, Problem};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Json, Rejection, SignedIn, Viewer};

use crate::GuardedClosing;
use crate::passwords::{hash as hashed, proves};

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let deps = GuardedClosing::connect(&env).await?;
    crate::serve(&env, deps.guarded.store.clone(), routes(deps))
}

/// The route alone.
pub fn routes(deps: GuardedClosing) -> Router {
    web::route(Router::new(), "/api/auth/password", post(handler)).with_state(deps)
}

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
#[schema(as = PasswordChange)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// The one that is good now.
    current_password: String,
    /// The one that is to be.
    #[schema(min_length = 10, max_length = 200)]
    new_password: String,
}

/// Change your password
///
/// All other browsers are signed out. API keys stay; revoke them where somebody may have made one.
#[utoipa::path(
    post,
    path = "/api/auth/password/",
    operation_id = "changePassword",
    tag = "accounts",
    request_body = Body,
    responses(
        (status = 204, description = "It is the new one now"),
        (status = 403, description = "The current password is not right", body = Problem),
    ),
)]
pub(crate) async fn handler(
    State(GuardedClosing { guarded, announcer }): State<GuardedClosing>,
    caller: SignedIn,
    viewer: Viewer,
    Json(body): Json<Body>,
) -> Result<StatusCode, Rejection> {
    let (email, hash) = guarded.store.own_password(caller.id).await?;
    guarded.count_attempt(&Email::parse("email", &email)?, &viewer).await?;
    let new = Password::parse("new_password", &body.new_password, &email)?;
    if !proves(PresentedPassword::new(&body.current_password), hash).await? {
        return Err(Fault::Forbidden("The current password is not right").into());
    }
    guarded.store.change_password(caller.id, &hashed(new).await?, caller.session, Some(viewer.address)).await?;
    announcer.sessions_revoked(caller.id, Some(caller.session)).await;
    Ok(StatusCode::NO_CONTENT)
}
