//! `PATCH /api/auth/me/`: change settings of the account.

use axum::Router;
use axum::extract::State;
use axum::routing::patch;
use domain::{Account, AccountPatch, Fault, Instructions, Language, Patch, TimeZone};
use serde::Deserialize;
use store::Store;
use utoipa::ToSchema;
use web::{Json, Rejection, SignedIn, Viewer};

use crate::deps::connect;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let store = connect(&env).await?;
    crate::serve(&env, store.clone(), routes(store))
}

/// The route alone.
pub fn routes(deps: Store) -> Router {
    web::route(Router::new(), "/api/auth/me", patch(handler)).with_state(deps)
}

/// What to change; `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AccountChanges)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// What every answer is asked to heed, in all conversations.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 8000)]
    instructions: Patch<String>,
    /// Where plain dates begin and end, as `Europe/Berlin`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    time_zone: Patch<String>,
    /// The language of the pages, as `de`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Patch<String>,
}

impl TryFrom<Body> for AccountPatch {
    type Error = Fault;

    fn try_from(body: Body) -> Result<Self, Fault> {
        Ok(Self {
            instructions: body.instructions.try_map(|text| Instructions::parse("instructions", &text))?,
            time_zone: body.time_zone.try_map(|name| TimeZone::parse("time_zone", &name))?,
            language: body.language.try_map(|tag| Language::parse("language", &tag))?,
        })
    }
}

/// Change your settings
#[utoipa::path(
    patch,
    path = "/api/auth/me/",
    operation_id = "updateAccount",
    tag = "accounts",
    request_body = Body,
    responses((status = 200, body = Account)),
)]
pub(crate) async fn handler(
    State(store): State<Store>,
    caller: SignedIn,
    viewer: Viewer,
    Json(body): Json<Body>,
) -> Result<Json<Account>, Rejection> {
    Ok(Json(store.update_account(caller.id, &body.try_into()?, Some(viewer.address)).await?))
}
