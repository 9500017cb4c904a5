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
        Self { request_id: context.request_id.clone(), deadline: Instant::now() + left(context.deadline) }
    }
}

/// No deadline since Lambda exists is as early as this one, of 1973, in milliseconds.
const NO_TIME: u64 = 100_000_000_000;

/// How long is left until a deadline, in milliseconds since 1970. `cargo lambda watch` says how long an invocation may take instead.
fn left(deadline_ms: u64) -> Duration {
    let deadline = Duration::from_millis(deadline_ms);
    if deadline_ms < NO_TIME {
        return deadline;
    }
    (SystemTime::UNIX_EPOCH + deadline).duration_since(SystemTime::now()).unwrap_or_default()
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

    #[test]
    fn a_deadline_is_a_time_in_the_cloud_and_a_duration_beside_cargo_lambda() {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a clock that is set");
        let in_a_minute = u64::try_from(now.as_millis()).expect("a time in this century") + 60_000;
        assert!((50..=60).contains(&left(in_a_minute).as_secs()));
        assert_eq!(left(in_a_minute - 120_000), Duration::ZERO, "it has passed");
        assert_eq!(left(600_000), Duration::from_mins(10));
    }

    #[test]
    fn an_error_is_told_with_its_causes() {
        let error = Err::<(), _>(anyhow!("no route to host")).context("the database does not answer");
        let message = error.map_err(|error| diagnostic(&error).error_message);
        assert_eq!(message.err().as_deref(), Some("the database does not answer: no route to host"));
    }
}
