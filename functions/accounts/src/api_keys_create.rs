//! `POST /api/auth/api_keys/`: make a key for a program.

use auth::{Token, TokenKind};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use chrono::{DateTime, Utc};
use domain::{Fault, KeyName, Scope, StoredApiKey};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::{NewApiKey, Store};
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
    web::route(Router::new(), "/api/auth/api_keys", post(handler)).with_state(deps)
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewApiKey)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// What you call it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it is good for; none includes another.
    scopes: Vec<Scope>,
    /// When it ends; absent means not by itself.
    expires_at: Option<DateTime<Utc>>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedApiKey {
    /// The key. It is shown this once.
    key: String,
    #[serde(flatten)]
    stored: StoredApiKey,
}

/// Make an API key
///
/// It is shown this once: only its hash is kept.
#[utoipa::path(
    post,
    path = "/api/auth/api_keys/",
    operation_id = "createApiKey",
    tag = "accounts",
    request_body = Body,
    responses((status = 201, body = CreatedApiKey)),
)]
pub(crate) async fn handler(
    State(store): State<Store>,
    caller: SignedIn,
    viewer: Viewer,
    Json(body): Json<Body>,
) -> Result<(StatusCode, Json<CreatedApiKey>), Rejection> {
    let name = KeyName::parse("name", &body.name)?;
    let repeats = |at: usize| body.scopes[..at].contains(&body.scopes[at]);
    if body.scopes.is_empty() || (0..body.scopes.len()).any(repeats) {
        return Err(Fault::invalid("scopes", "must be one or more of `read`, `chat` and `admin`, each once").into());
    }
    let key = Token::generate(TokenKind::ApiKey)?;
    let new = NewApiKey { hash: key.hash(), name, scopes: body.scopes, expires_at: body.expires_at };
    let stored = store.create_api_key(caller.id, new, Some(viewer.address)).await?;
    Ok((StatusCode::CREATED, Json(CreatedApiKey { key: key.expose().to_owned(), stored })))
}
