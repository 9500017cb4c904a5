//! The conversations of a person over HTTP: one module, and one Lambda function, an endpoint.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod messages;
pub mod stop;
pub mod update;

use axum::Router;
use domain::Clock;
use realtime::Announcer;
use runtime::Env;
use store::Store;
use utoipa::OpenApi;
use web::OriginSecret;

/// The description of these endpoints.
#[derive(Debug, OpenApi)]
#[openapi(paths(
    list::handler,
    create::handler,
    get::handler,
    update::handler,
    delete::handler,
    messages::handler,
    stop::handler
))]
pub struct Api;

/// What the functions that change something may touch; those that only read get the store alone.
#[derive(Clone, Debug)]
pub struct Deps {
    /// Where conversations are.
    pub store: Store,
    /// Tells the person's other windows.
    pub announcer: Announcer,
}

impl Deps {
    async fn connect(env: &Env) -> anyhow::Result<Self> {
        let (table, endpoint) = (env.required("CONNECTIONS_TABLE")?, env.required("WS_MANAGEMENT_ENDPOINT")?);
        let announcer = Announcer::new(&realtime::aws_config().await, table, &endpoint, Clock::system());
        Ok(Self { store: connect(env).await?, announcer })
    }
}

fn serve(env: &Env, routes: Router) -> anyhow::Result<Router> {
    Ok(web::app(routes, OriginSecret::new(env.secret("ORIGIN_SECRET")?)))
}

async fn connect(env: &Env) -> anyhow::Result<Store> {
    Ok(Store::connect(&env.secret("DATABASE_URL")?, Clock::system()).await?)
}
