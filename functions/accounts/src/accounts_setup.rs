//! `POST /api/auth/setup/`: make the first account, an admin's.

use auth::{Password, Token, TokenKind};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use domain::{Account, Email, Fault};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Anyone, Cookie, Json, Rejection, Viewer};

use crate::Guarded;
use crate::passwords::hash;
use crate::sign_in::sign_in;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let deps = Guarded::connect(&env).await?;
    crate::serve(&env, deps.store.clone(), routes(deps))
}

/// The route alone.
pub fn routes(deps: Guarded) -> Router {
    web::route(Router::new(), "/api/auth/setup", post(handler)).with_state(deps)
}

/// The first account.
#[derive(Deserialize, ToSchema)]
#[schema(as = SetUp)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// The code that the operator was shown, in a link.
    code: String,
    /// What you will sign in with.
    #[schema(max_length = 254)]
    email: String,
    /// 10 to 200 characters, none of the passwords that are guessed first.
    #[schema(min_length = 10, max_length = 200)]
    password: String,
}

/// Set the portal up
///
/// Makes the first account, an admin's, and signs it in. Of two at once exactly one succeeds.
#[utoipa::path(
    post,
    path = "/api/auth/setup/",
    operation_id = "setUp",
    tag = "accounts",
    request_body = Body,
    responses((status = 201, body = Account, headers(("Set-Cookie" = String, description = "The session")))),
)]
pub(crate) async fn handler(
    State(deps): State<Guarded>,
    _: Anyone,
    viewer: Viewer,
    Cookie(cookie): Cookie,
    Json(body): Json<Body>,
) -> Result<Response, Rejection> {
    deps.count_guess(&viewer).await?;
    let email = Email::parse("email", &body.email)?;
    let password = Password::parse("password", &body.password, email.as_str())?;
    let code = Token::parse(TokenKind::SetUp, body.code.trim());
    let code = code.ok_or(Fault::Forbidden("The set-up code is not one, or was not copied as a whole"))?;
    let owner = deps.store.set_up(code.hash(), &email, &hash(password).await?, Some(viewer.address)).await?;
    Ok(sign_in(&deps.store, owner, &viewer, &cookie, StatusCode::CREATED).await?)
}
