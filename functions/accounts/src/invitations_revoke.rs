//! `DELETE /api/admin/invitations/{invitation_id}/`: take an invitation back.

use axum::Router;
use axum::extract::State;
use axum::routing::delete;
use domain::InvitationId;
use http::StatusCode;
use store::Store;
use web::{Admin, Path, Rejection, Viewer};

use crate::deps::connect;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let store = connect(&env).await?;
    crate::serve(&env, store.clone(), routes(store))
}

/// The route alone.
pub fn routes(deps: Store) -> Router {
    web::route(Router::new(), "/api/admin/invitations/{invitation_id}", delete(handler)).with_state(deps)
}

/// Take an invitation back
#[utoipa::path(
    delete,
    path = "/api/admin/invitations/{invitation_id}/",
    operation_id = "revokeInvitation",
    tag = "admin",
    params(("invitation_id" = InvitationId, Path)),
    responses((status = 204, description = "It lets nobody in")),
)]
pub(crate) async fn handler(
    State(store): State<Store>,
    admin: Admin,
    viewer: Viewer,
    Path(id): Path<InvitationId>,
) -> Result<StatusCode, Rejection> {
    store.revoke_invitation(admin.id, id, Some(viewer.address)).await?;
    Ok(StatusCode::NO_CONTENT)
}
