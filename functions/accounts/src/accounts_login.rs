//! `POST /api/auth/login/`: sign in.

use auth::PresentedPassword;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use domain::{Account, Email, Fault, Problem, UserId};
use http::StatusCode;
use serde::Deserialize;
use store::Action;
use utoipa::ToSchema;
use web::{Anyone, Cookie, Json, Rejection, Viewer};

use crate::Guarded;
use crate::passwords::proves;
use crate::sign_in::sign_in;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let deps = Guarded::connect(&env).await?;
    crate::serve(&env, deps.store.clone(), routes(deps))
}

/// The route alone.
pub fn routes(deps: Guarded) -> Router {
    web::route(Router::new(), "/api/auth/login", post(handler)).with_state(deps)
}

/// Who wants in.
#[derive(Deserialize, ToSchema)]
#[schema(as = SignIn)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// The address of the account.
    email: String,
    /// Its password.
    password: String,
}

/// Sign in
///
/// A wrong password and an unknown address get the same answer, in the same time.
#[utoipa::path(
    post,
    path = "/api/auth/login/",
    operation_id = "signIn",
    tag = "accounts",
    request_body = Body,
    responses(
        (status = 200, body = Account, headers(("Set-Cookie" = String, description = "The session"))),
        (status = 401, description = "The address or the password is not right", body = Problem),
        (status = 429, description = "Too many attempts", body = Problem, headers(("Retry-After" = u32))),
    ),
)]
pub(crate) async fn handler(
    State(deps): State<Guarded>,
    _: Anyone,
    viewer: Viewer,
    Cookie(cookie): Cookie,
    Json(body): Json<Body>,
) -> Result<Response, Rejection> {
    let email = Email::parse("email", &body.email)?;
    deps.count_attempt(&email, &viewer).await?;
    let found = deps.store.password_of(&email).await?;
    let (owner, hash) = found.map_or((None, None), |found| (Some(found.user_id), Some(found.hash)));
    let proven = proves(PresentedPassword::new(&body.password), hash).await?;
    if let Some(owner) = owner.filter(|_| proven) {
        return Ok(sign_in(&deps.store, owner, &viewer, &cookie, StatusCode::OK).await?);
    }
    // Written down for an address that nobody has as well: it would be faster otherwise.
    deps.store.audit(owner.unwrap_or(UserId::NOBODY), Action::SignInFailed, Some(viewer.address)).await?;
    Err(Fault::SignInFailed.into())
}
