use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use domain::{Fault, Problem, ProblemCode};
use http::header::CACHE_CONTROL;
use http::{HeaderName, HeaderValue};
use tracing::Instrument as _;

use crate::rejection::{Rejection, problem_response};
use crate::{Access, BODY_LIMIT};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Adds a route in both its forms: API Gateway has no resource that ends in a slash, and passes the path as it was sent.
///
/// `path` is without the slash at its end.
pub fn route<S: Clone + Send + Sync + 'static>(router: Router<S>, path: &str, methods: MethodRouter<S>) -> Router<S> {
    router.route(path, methods.clone()).route(&format!("{path}/"), methods)
}

/// A function's routes with everything around them that is the same in all: the front door's secret, protection from other origins'
/// pages, who is let in, problem documents for every failure, the request's id in the log and in the response, one line of log a request.
pub fn app(routes: Router, access: Access) -> Router {
    routes
        .fallback(async || Rejection::from(Fault::NotFound("path")))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(access, admit))
        .layer(from_fn(answer))
}

async fn method_not_allowed() -> Response {
    problem_response(&Problem::new(
        ProblemCode::MethodNotAllowed,
        "This path does not take that method; `Allow` names those it takes.",
    ))
}

async fn admit(State(access): State<Access>, mut request: Request, next: Next) -> Response {
    let admitted = access.admit(request.headers()).and_then(|()| access.protect(request.method(), request.headers()));
    if let Err(fault) = admitted {
        return Rejection::from(fault).into_response();
    }
    request.extensions_mut().insert(access);
    next.run(request).await
}

/// The place where a failure ends its way: it is logged here, and nowhere before.
async fn answer(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = request.headers().get(&REQUEST_ID).cloned();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", http.method = %method, http.route = route);

    async {
        let mut response = next.run(request).await;
        if let Some(fault) = response.extensions_mut().remove::<Arc<Fault>>() {
            if fault.is_ours() {
                tracing::error!(error = &*fault as &dyn Error, "the request failed");
            }
            let problem = Problem::from(&*fault);
            response = problem_response(&match id.as_ref().and_then(|id| id.to_str().ok()) {
                Some(id) => problem.with_request_id(id),
                None => problem,
            });
        }
        let headers = response.headers_mut();
        if let Some(id) = id {
            headers.insert(REQUEST_ID, id);
        }
        // What is a person's own is in no cache but the one that a handler asked for.
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        let elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(http.status = response.status().as_u16(), elapsed_ms, "answered");
        response
    }
    .instrument(span)
    .await
}
