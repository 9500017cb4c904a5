//! Accounts over HTTP: who somebody is, how they prove it, and whom they let in. One module, and one Lambda function, an endpoint.

pub mod accounts_change_password;
pub mod accounts_delete;
pub mod accounts_get;
pub mod accounts_login;
pub mod accounts_logout;
pub mod accounts_logout_everywhere;
pub mod accounts_register;
pub mod accounts_reset_password;
pub mod accounts_setup;
pub mod accounts_status;
pub mod accounts_update;
pub mod api_keys_create;
pub mod api_keys_list;
pub mod api_keys_revoke;
pub mod invitations_create;
pub mod invitations_list;
pub mod invitations_revoke;
pub mod reset_links_create;
pub mod sessions_list;
pub mod sessions_revoke;
pub mod ws_tickets_create;

mod deps;
mod passwords;
mod sign_in;

use axum::Router;
use runtime::Env;
use store::Store;
use utoipa::OpenApi;
use web::Access;

pub use deps::{Closing, Guarded, GuardedClosing, Rates};

/// The description of these endpoints.
#[derive(Debug, OpenApi)]
#[openapi(paths(
    accounts_status::handler,
    accounts_setup::handler,
    accounts_register::handler,
    accounts_login::handler,
    accounts_logout::handler,
    accounts_logout_everywhere::handler,
    accounts_get::handler,
    accounts_update::handler,
    accounts_delete::handler,
    accounts_change_password::handler,
    accounts_reset_password::handler,
    sessions_list::handler,
    sessions_revoke::handler,
    api_keys_list::handler,
    api_keys_create::handler,
    api_keys_revoke::handler,
    ws_tickets_create::handler,
    invitations_list::handler,
    invitations_create::handler,
    invitations_revoke::handler,
    reset_links_create::handler
))]
pub struct Api;

fn serve(env: &Env, store: Store, routes: Router) -> anyhow::Result<Router> {
    let identify = move |credential| {
        let store = store.clone();
        async move { store.identify(credential).await }
    };
    Ok(web::app(routes, Access::new(env.secret("ORIGIN_SECRET")?, identify)))
}
