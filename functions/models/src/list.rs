//! `GET /api/models/`: the providers that are configured, and their models.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::Clock;
use llm::{LlmSettings, ModelList, Models, ProviderState};
use secrets::Secrets;
use store::Store;
use web::{Access, Admin, Caller, Json, Rejection};

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let keys = Secrets::read(env.optional("PROVIDER_KEYS_SECRET")).await?;
    let models = Models::new(LlmSettings::read(|name| env.optional(name).or_else(|| keys.get(name)))?)?;
    let store = Store::connect(&env.secret("DATABASE_URL")?, Clock::system()).await?;
    let identify = move |credential| {
        let store = store.clone();
        async move { store.identify(credential).await }
    };
    Ok(web::app(routes(models), Access::new(env.secret("ORIGIN_SECRET")?, identify)))
}

/// The route alone.
pub fn routes(models: Models) -> Router {
    web::route(Router::new(), "/api/models", get(handler)).with_state(models)
}

/// List models
///
/// Of the providers that are configured, with what keeps one from answering.
#[utoipa::path(
    get,
    path = "/api/models/",
    operation_id = "listModels",
    tag = "models",
    responses((status = 200, body = ModelList)),
)]
pub(crate) async fn handler(
    State(models): State<Models>,
    _: Caller,
    admin: Result<Admin, Rejection>,
) -> Json<ModelList> {
    let list = models.list().await;
    for provider in list.providers.iter().filter(|provider| provider.state == ProviderState::BadKey) {
        runtime::count("BadKey", &[("Provider", &provider.id)]);
    }
    Json(if admin.is_ok() { list } else { list.without_keys() })
}
