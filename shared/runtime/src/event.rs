use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use lambda_runtime::{Context, Diagnostic, LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::{Env, Exit, sandbox};

/// What a function does with an event that is JSON of its own type.
pub trait Handler: Send + Sync + 'static {
    /// What it is invoked with.
    type Event: DeserializeOwned + Send + 'static;
    /// What it answers; nobody reads it when the invocation is asynchronous.
    type Output: Serialize + Send + 'static;

    /// Serves one invocation. An error is logged with its causes, and makes Lambda repeat an asynchronous invocation.
    fn handle(
        &self,
        event: Self::Event,
        invocation: Invocation,
    ) -> impl Future<Output = anyhow::Result<Self::Output>> + Send;
}

/// Which invocation this is, and how long it may take.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// Names it in the logs.
    pub request_id: String,
    /// When the sandbox is cut off in the middle of whatever it does.
    pub deadline: Instant,
}

impl From<&Context> for Invocation {
    fn from(context: &Context) -> Self {
        let deadline = SystemTime::UNIX_EPOCH + Duration::from_millis(context.deadline);
        let left = deadline.duration_since(SystemTime::now()).unwrap_or_default();
        Self { request_id: context.request_id.clone(), deadline: Instant::now() + left }
    }
}

/// Runs a function that is invoked with an event of its own type: by another function, a schedule or the operator.
pub fn event<H, B>(build: impl FnOnce(Env) -> B) -> Exit
where
    H: Handler,
    B: Future<Output = anyhow::Result<H>>,
{
    sandbox::start(build, |handler| {
        let handler = Arc::new(handler);
        lambda_runtime::run_concurrent(service_fn(move |event: LambdaEvent<H::Event>| {
            let handler = Arc::clone(&handler);
            async move {
                let invocation = Invocation::from(&event.context);
                handler.handle(event.payload, invocation).await.map_err(|error| diagnostic(&error))
            }
        }))
    })
}

/// The runtime logs it once, and gives it to whoever invoked the function.
fn diagnostic(error: &anyhow::Error) -> Diagnostic {
    Diagnostic { error_type: "Error".to_owned(), error_message: format!("{error:#}") }
}

#[cfg(test)]
mod tests {
    use anyhow::{Context as _, anyhow};

    use super::*;

    #[tokio::test]
    async fn a_deadline_that_has_passed_is_now() {
        let invocation = Invocation::from(&Context::default());
        assert!(invocation.deadline <= Instant::now());
    }

    #[test]
    fn an_error_is_told_with_its_causes() {
        let error = Err::<(), _>(anyhow!("no route to host")).context("the database does not answer");
        let message = error.map_err(|error| diagnostic(&error).error_message);
        assert_eq!(message.err().as_deref(), Some("the database does not answer: no route to host"));
    }
}
