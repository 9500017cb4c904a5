//! `POST /api/auth/register/`: make an account.

use auth::{Password, Token, TokenKind};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use domain::{Account, Email, Fault, Problem, SignUp};
use http::StatusCode;
use limits::Subject;
use serde::Deserialize;
use store::Registration;
use utoipa::ToSchema;
use web::{Anyone, Cookie, Json, Rejection, Viewer};

use crate::Guarded;
use crate::deps::sign_up;
use crate::passwords::hash;
use crate::sign_in::sign_in;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let deps = Deps { guarded: Guarded::connect(&env).await?, sign_up: sign_up(&env)? };
    crate::serve(&env, deps.guarded.store.clone(), routes(deps))
}

/// The route alone.
pub fn routes(deps: Deps) -> Router {
    web::route(Router::new(), "/api/auth/register", post(handler)).with_state(deps)
}

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Deps {
    /// Accounts, and how often somebody has tried.
    pub guarded: Guarded,
    /// Who may make an account without an invitation.
    pub sign_up: SignUp,
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[schema(as = Registration)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// What you will sign in with.
    #[schema(max_length = 254)]
    email: String,
    /// 10 to 200 characters, none of the passwords that are guessed first.
    #[schema(min_length = 10, max_length = 200)]
    password: String,
    /// The token of an invitation; needed unless sign-up is open.
    invitation: Option<String>,
}

/// Make an account
///
/// With an invitation, or without one where sign-up is open; and signs it in.
#[utoipa::path(
    post,
    path = "/api/auth/register/",
    operation_id = "register",
    tag = "accounts",
    request_body = Body,
    responses(
        (status = 201, body = Account, headers(("Set-Cookie" = String, description = "The session"))),
        (status = 409, description = "There is an account with this address", body = Problem),
    ),
)]
pub(crate) async fn handler(
    State(deps): State<Deps>,
    _: Anyone,
    viewer: Viewer,
    Cookie(cookie): Cookie,
    Json(body): Json<Body>,
) -> Result<Response, Rejection> {
    let Deps { guarded: Guarded { store, limits, rates }, sign_up } = deps;
    limits.take("register", &Subject::address(viewer.address), rates.registrations_per_address).await?;
    let email = Email::parse("email", &body.email)?;
    let password = Password::parse("password", &body.password, email.as_str())?;
    let invitation = match body.invitation {
        Some(token) => {
            let token = Token::parse(TokenKind::Invitation, token.trim());
            Some(token.ok_or(Fault::Forbidden("The invitation is not one, or was not copied as a whole"))?.hash())
        }
        None if sign_up == SignUp::Open && store.accounts_exist().await? => None,
        None => {
            return Err(Fault::Forbidden("Accounts are made by invitation: ask an admin of this portal for one").into());
        }
    };
    let registration = Registration { email, password_hash: hash(password).await?, invitation };
    let owner = store.register(registration, Some(viewer.address)).await?;
    Ok(sign_in(&store, owner, &viewer, &cookie, StatusCode::CREATED).await?)
}
