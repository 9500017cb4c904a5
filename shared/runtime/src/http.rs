use std::convert::Infallible;
use std::future::Future;

use axum::Router;
use http::{HeaderName, HeaderValue};
use lambda_http::{Body, IntoResponse as _, Request, RequestExt as _, Response, service_fn};
use tower::ServiceExt as _;

use crate::{Env, Exit, sandbox};

/// The request header that names the invocation, as Lambda's own log lines do. A client's is replaced.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Runs a function that answers requests of API Gateway (REST).
pub fn http<B>(build: impl FnOnce(Env) -> B) -> Exit
where
    B: Future<Output = anyhow::Result<Router>>,
{
    sandbox::start(build, |router| {
        lambda_http::run_concurrent(service_fn(move |request: Request| answer(router.clone(), request)))
    })
}

async fn answer(router: Router, mut request: Request) -> Result<Response<Body>, Infallible> {
    let id = request.lambda_context_ref().and_then(|context| HeaderValue::from_str(&context.request_id).ok());
    request.headers_mut().remove(&REQUEST_ID);
    if let Some(id) = id {
        request.headers_mut().insert(REQUEST_ID, id);
    }
    // The router's own body may not be shared between threads, which several invocations at once require.
    let Ok(response) = router.oneshot(request).await;
    Ok(response.into_response().await)
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use http::HeaderMap;
    use lambda_http::Context;

    use super::*;

    #[tokio::test]
    async fn the_invocation_names_the_request_and_the_client_does_not() {
        let router = Router::new().route(
            "/",
            get(async |headers: HeaderMap| {
                headers.get_all(REQUEST_ID).iter().filter_map(|id| id.to_str().ok()).collect::<Vec<_>>().join(",")
            }),
        );
        let mut context = Context::default();
        context.request_id = "invocation".to_owned();
        let mut request = Request::default().with_lambda_context(context);
        request.headers_mut().append(REQUEST_ID, HeaderValue::from_static("forged"));

        let response = answer(router, request).await.expect("an answer");

        assert_eq!(response.body().as_ref(), b"invocation");
    }
}
