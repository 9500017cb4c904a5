//! Messages over HTTP: one module, and one Lambda function, an endpoint. Over the WebSocket it is `chat`.

pub mod create;
pub mod edit;
pub mod regenerate;

use utoipa::OpenApi;

/// The description of these endpoints.
#[derive(Debug, OpenApi)]
#[openapi(paths(create::handler, edit::handler, regenerate::handler))]
pub struct Api;
