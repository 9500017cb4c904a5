//! The language models that can be chosen.

pub mod list;

use utoipa::OpenApi;

/// The description of these endpoints.
#[derive(Debug, OpenApi)]
#[openapi(paths(list::handler))]
pub struct Api;
