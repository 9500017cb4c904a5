//! `GET /api/auth/me/`: who is asking.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::Account;
use store::Store;
use web::{Caller, Json, Rejection};

use crate::deps::connect;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let store = connect(&env).await?;
    crate::serve(&env, store.clone(), routes(store))
}

/// The route alone.
pub fn routes(deps: Store) -> Router {
    web::route(Router::new(), "/api/auth/me", get(handler)).with_state(deps)
}

/// Read your account
#[utoipa::path(
    get,
    path = "/api/auth/me/",
    operation_id = "getAccount",
    tag = "accounts",
    responses((status = 200, body = Account)),
)]
pub(crate) async fn handler(State(store): State<Store>, caller: Caller) -> Result<Json<Account>, Rejection> {
    Ok(Json(store.account(caller.id).await?))
}
