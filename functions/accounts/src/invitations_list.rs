//! `GET /api/admin/invitations/`: the invitations that can be taken.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::Invitation;
use serde::Serialize;
use store::Store;
use utoipa::ToSchema;
use web::{Admin, Json, Rejection};

use crate::deps::connect;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let store = connect(&env).await?;
    crate::serve(&env, store.clone(), routes(store))
}

/// The route alone.
pub fn routes(deps: Store) -> Router {
    web::route(Router::new(), "/api/admin/invitations", get(handler)).with_state(deps)
}

/// Invitations that can be taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationList {
    /// The newest first.
    items: Vec<Invitation>,
}

/// List your invitations
#[utoipa::path(
    get,
    path = "/api/admin/invitations/",
    operation_id = "listInvitations",
    tag = "admin",
    responses((status = 200, body = InvitationList)),
)]
pub(crate) async fn handler(State(store): State<Store>, admin: Admin) -> Result<Json<InvitationList>, Rejection> {
    Ok(Json(InvitationList { items: store.invitations(admin.id).await? }))
}
