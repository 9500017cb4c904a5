//! `GET /api/auth/sessions/`: the browsers that are signed in.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::{Session, SessionId};
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
    web::route(Router::new(), "/api/auth/sessions", get(handler)).with_state(deps)
}

/// The browsers that are signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionList {
    /// The last used first.
    items: Vec<Session>,
    /// Which of them asks.
    current: SessionId,
}

/// List your sessions
#[utoipa::path(
    get,
    path = "/api/auth/sessions/",
    operation_id = "listSessions",
    tag = "accounts",
    responses((status = 200, body = SessionList)),
)]
pub(crate) async fn handler(State(store): State<Store>, caller: SignedIn) -> Result<Json<SessionList>, Rejection> {
    Ok(Json(SessionList { items: store.sessions(caller.id).await?, current: caller.session }))
}
