//! `GET /api/auth/api_keys/`: the keys of programs.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::StoredApiKey;
use serde::Serialize;
use store::Store;
use utoipa::ToSchema;
use web::{Json, Rejection, SignedIn};

use crate::deps::connect;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let store = connect(&env).await?;
    crate::serve(&env, store.clone(), routes(store))
}

/// The route alone.
pub fn routes(deps: Store) -> Router {
    web::route(Router::new(), "/api/auth/api_keys", get(handler)).with_state(deps)
}

/// The keys that are good.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeyList {
    /// The newest first.
    items: Vec<StoredApiKey>,
}

/// List your API keys
#[utoipa::path(
    get,
    path = "/api/auth/api_keys/",
    operation_id = "listApiKeys",
    tag = "accounts",
    responses((status = 200, body = ApiKeyList)),
)]
pub(crate) async fn handler(State(store): State<Store>, caller: SignedIn) -> Result<Json<ApiKeyList>, Rejection> {
    Ok(Json(ApiKeyList { items: store.api_keys(caller.id).await? }))
}
