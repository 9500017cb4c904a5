//! HTTP as every function speaks it: what a request may look like, who is asking, and how it is answered.
//!
//! A handler names what it needs in its signature ([`Caller`], [`Json`], [`Query`], [`Path`]) and fails with a [`domain::Fault`] through
//! `?`; [`app()`] turns that into `application/problem+json`, with the request's id, and logs it, in one place. Nothing here knows a
//! database, a provider or Lambda.
//!
//! ```
//! use axum::{Router, routing::get};
//! use web::{Caller, Json, Rejection};
//!
//! async fn whoami(caller: Caller) -> Result<Json<String>, Rejection> {
//!     Ok(Json(caller.id.to_string()))
//! }
//!
//! let routes: Router = web::route(Router::new(), "/api/whoami", get(whoami));
//! let _service = web::app(routes, web::OriginSecret::new("as configured".into()));
//! ```

mod app;
mod caller;
mod etag;
mod json;
mod origin;
mod parameters;
mod prefer;
mod rejection;

pub use app::{app, route};
pub use caller::{Admin, Anyone, Caller};
pub use etag::{IfMatch, IfNoneMatch, Tagged};
pub use json::{BODY_LIMIT, Json};
pub use origin::OriginSecret;
pub use parameters::{Path, PathParameter, Query, page_limit, yes_or_no};
pub use prefer::PreferWait;
pub use rejection::Rejection;
