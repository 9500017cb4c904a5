use std::future::Future;
use std::io;

use anyhow::Context as _;
use lambda_runtime_api_client::body::Body;
use lambda_runtime_api_client::{BoxError, PooledClient, build_request};
use tracing::Instrument as _;

use crate::{Env, Exit, logs};

/// Starts a sandbox: logs, the executor, the function built from its environment, and then invocations for as long as it lives.
pub(crate) fn start<T, B, S>(build: impl FnOnce(Env) -> B, serve: impl FnOnce(T) -> S) -> Exit
where
    B: Future<Output = anyhow::Result<T>>,
    S: Future<Output = Result<(), lambda_runtime::Error>>,
{
    let env = Env::of_process();
    // An unusable setting of the logs keeps the function from starting, which has to be logged too.
    let logs = logs::set_up(&env).or_else(|error| logs::set_up(&Env::from_pairs::<&str, &str>([])).and(Err(error)));
    if env.optional("AWS_LAMBDA_RUNTIME_API").is_none() {
        tracing::error!("this program is an AWS Lambda function; `make run` hosts all of them on this machine");
        return Exit::FAILURE;
    }
    let life = async {
        let name = env.optional("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default();
        let span = tracing::info_span!("function", name);
        async {
            logs?;
            let function = build(env).await?;
            Ok(serve(function).await)
        }
        .instrument(span)
        .await
    };
    let ended = executor().context("start the executor").map(|executor| {
        executor.block_on(async {
            match life.await {
                Ok(served) => served.map_err(|error| error.to_string()),
                Err(error) => Err(not_started(&error).await),
            }
        })
    });
    match ended {
        Ok(Ok(())) => Exit::SUCCESS,
        Ok(Err(error)) => {
            tracing::error!(error, "the sandbox ends");
            Exit::FAILURE
        }
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the sandbox ends");
            Exit::FAILURE
        }
    }
}

/// One thread: a sandbox has less than two CPUs and mostly one invocation, which is then never handed from one to another.
fn executor() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// Reports why the function cannot start, and says it in a sentence.
async fn not_started(error: &anyhow::Error) -> String {
    let sentence = format!("the function could not start: {error:#}");
    if let Err(error) = report(&sentence).await {
        tracing::error!(error = &*error as &dyn std::error::Error, "the failed start could not be reported");
    }
    sentence
}

/// Tells Lambda why the function cannot start, so that the console shows the sentence instead of an exit code.
async fn report(sentence: &str) -> Result<(), BoxError> {
    let body = serde_json::json!({ "errorType": "Runtime.InitError", "errorMessage": sentence, "stackTrace": [] });
    let request = build_request()
        .method(http::Method::POST)
        .uri("/2018-06-01/runtime/init/error")
        .header("lambda-runtime-function-error-type", "Runtime.InitError")
        .body(Body::from(body.to_string()))?;
    PooledClient::builder().build().call(request).await?;
    Ok(())
}
