//! `DELETE /api/auth/me/`: delete the account.

use auth::PresentedPassword;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::delete;
use domain::{Deleted, Email, Fault, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Cookie, Json, Rejection, SignedIn, Viewer};

use crate::GuardedClosing;
use crate::passwords::proves;
use crate::sign_in::signed_out;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let deps = GuardedClosing::connect(&env).await?;
    crate::serve(&env, deps.guarded.store.clone(), routes(deps))
}

/// The route alone.
pub fn routes(deps: GuardedClosing) -> Router {
    web::route(Router::new(), "/api/auth/me", delete(handler)).with_state(deps)
}

/// The password once more: what follows cannot be undone.
#[derive(Deserialize, ToSchema)]
#[schema(as = Confirmation)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// The account's password.
    password: String,
}

/// Delete your account
///
/// With all that is yours, for good; the answer is a receipt of what went.
#[utoipa::path(
    delete,
    path = "/api/auth/me/",
    operation_id = "deleteAccount",
    tag = "accounts",
    request_body = Body,
    responses(
        (status = 200, body = Deleted),
        (status = 403, description = "The password is not right", body = Problem),
        (status = 409, description = "You are the only admin, and there are other accounts", body = Problem),
    ),
)]
pub(crate) async fn handler(
    State(GuardedClosing { guarded, announcer }): State<GuardedClosing>,
    caller: SignedIn,
    viewer: Viewer,
    Cookie(cookie): Cookie,
    Json(body): Json<Body>,
) -> Result<impl IntoResponse, Rejection> {
    let (email, hash) = guarded.store.own_password(caller.id).await?;
    guarded.count_attempt(&Email::parse("email", &email)?, &viewer).await?;
    if !proves(PresentedPassword::new(&body.password), hash).await? {
        return Err(Fault::Forbidden("The password is not right").into());
    }
    let deleted = guarded.store.delete_account(caller.id, Some(viewer.address)).await?;
    announcer.everything_revoked(caller.id).await;
    Ok((signed_out(&cookie)?, Json(deleted)))
}
