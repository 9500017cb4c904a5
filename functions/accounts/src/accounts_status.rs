//! `GET /api/auth/setup/`: whether there is an account yet, and who may make one.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::SignUp;
use serde::Serialize;
use store::Store;
use utoipa::ToSchema;
use web::{Anyone, Json, Rejection};

use crate::deps::{connect, sign_up};

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let deps = Deps { store: connect(&env).await?, sign_up: sign_up(&env)? };
    crate::serve(&env, deps.store.clone(), routes(deps))
}

/// The route alone.
pub fn routes(deps: Deps) -> Router {
    web::route(Router::new(), "/api/auth/setup", get(handler)).with_state(deps)
}

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Deps {
    /// Where accounts are.
    pub store: Store,
    /// Who may make one.
    pub sign_up: SignUp,
}

/// What a page needs to know before anybody is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PortalStatus {
    /// Whether there is an account; the first one needs the code that the operator was shown.
    set_up: bool,
    /// Who may make an account.
    sign_up: SignUp,
}

/// Read whether the portal is set up
#[utoipa::path(
    get,
    path = "/api/auth/setup/",
    operation_id = "getPortalStatus",
    tag = "accounts",
    responses((status = 200, body = PortalStatus)),
)]
pub(crate) async fn handler(State(deps): State<Deps>, _: Anyone) -> Result<Json<PortalStatus>, Rejection> {
    Ok(Json(PortalStatus { set_up: deps.store.accounts_exist().await?, sign_up: deps.sign_up }))
}
