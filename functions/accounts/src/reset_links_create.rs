//! `POST /api/admin/reset_links/`: help somebody back in.

use auth::{Token, TokenKind};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use chrono::{DateTime, Utc};
use domain::Email;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::Store;
use utoipa::ToSchema;
use web::{Admin, Json, Rejection, Viewer};

use crate::deps::connect;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let store = connect(&env).await?;
    crate::serve(&env, store.clone(), routes(store))
}

/// The route alone.
pub fn routes(deps: Store) -> Router {
    web::route(Router::new(), "/api/admin/reset_links", post(handler)).with_state(deps)
}

/// Who has forgotten their password.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewResetLink)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// The address of the account.
    #[schema(max_length = 254)]
    email: String,
}

/// A link that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct ResetLink {
    /// The token, for a link such as `/reset#<token>`. It is shown this once.
    token: String,
    /// When it ends: in an hour.
    expires_at: DateTime<Utc>,
}

/// Make a link that sets a new password
///
/// No mail is sent: hand it over yourself, to whom you know. It is good once, for an hour; links made before are void.
#[utoipa::path(
    post,
    path = "/api/admin/reset_links/",
    operation_id = "createResetLink",
    tag = "admin",
    request_body = Body,
    responses((status = 201, body = ResetLink)),
)]
pub(crate) async fn handler(
    State(store): State<Store>,
    admin: Admin,
    viewer: Viewer,
    Json(body): Json<Body>,
) -> Result<(StatusCode, Json<ResetLink>), Rejection> {
    let email = Email::parse("email", &body.email)?;
    let token = Token::generate(TokenKind::ResetLink)?;
    let expires_at = store.create_reset_link(admin.id, &email, token.hash(), Some(viewer.address)).await?;
    Ok((StatusCode::CREATED, Json(ResetLink { token: token.expose().to_owned(), expires_at })))
}
