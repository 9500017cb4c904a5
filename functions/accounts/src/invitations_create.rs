//! `POST /api/admin/invitations/`: invite somebody.

use auth::{Token, TokenKind};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use domain::{Email, Invitation, Role};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::{NewInvitation, Store};
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
    web::route(Router::new(), "/api/admin/invitations", post(handler)).with_state(deps)
}

/// Who is invited.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewInvitation)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// The only address that it lets in; absent lets in whoever has the link.
    #[schema(max_length = 254)]
    email: Option<String>,
    /// What the person will be; `user` unless told.
    role: Option<Role>,
}

/// An invitation that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedInvitation {
    /// The token, for a link such as `/register#<token>`. It is shown this once.
    token: String,
    #[serde(flatten)]
    invitation: Invitation,
}

/// Invite somebody
///
/// No mail is sent: hand the link over yourself. It is good once, for seven days.
#[utoipa::path(
    post,
    path = "/api/admin/invitations/",
    operation_id = "createInvitation",
    tag = "admin",
    request_body = Body,
    responses((status = 201, body = CreatedInvitation)),
)]
pub(crate) async fn handler(
    State(store): State<Store>,
    admin: Admin,
    viewer: Viewer,
    Json(body): Json<Body>,
) -> Result<(StatusCode, Json<CreatedInvitation>), Rejection> {
    let email = body.email.map(|email| Email::parse("email", &email)).transpose()?;
    let token = Token::generate(TokenKind::Invitation)?;
    let new = NewInvitation { token: token.hash(), email, role: body.role.unwrap_or(Role::User) };
    let invitation = store.create_invitation(admin.id, new, Some(viewer.address)).await?;
    Ok((StatusCode::CREATED, Json(CreatedInvitation { token: token.expose().to_owned(), invitation })))
}
