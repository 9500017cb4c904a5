use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use domain::{Fault, Problem};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};

/// How a handler fails: with any [`Fault`], through `?`.
///
/// It travels to [`crate::app()`] inside the response, because only there the request's id is known and only there it is logged.
#[derive(Debug)]
pub struct Rejection(Fault);

impl From<Fault> for Rejection {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let mut response = problem_response(&Problem::from(&self.0));
        response.extensions_mut().insert(Arc::new(self.0));
        response
    }
}

/// An error response as RFC 9457 has it.
pub(crate) fn problem_response(problem: &Problem) -> Response {
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}
