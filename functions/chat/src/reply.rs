//! Writes one answer: claims it, asks a model, tells everybody who watches, and stores what came.
//!
//! It is invoked asynchronously and outlives whoever asked for it.

mod ports;
mod question;
mod step;
mod writing;

use std::time::Duration;

use domain::{Clock, Fault};
use futures::StreamExt as _;
use llm::{LlmSettings, Models};
use realtime::{Announcer, Connections, ReplyRequest, Sender};
use runtime::Invocation;
use store::{ClaimedAnswer, Store};
use tokio::time::{Instant, sleep};
use tracing::Instrument as _;

use self::ports::{Sockets, StoredAnswer};
use self::writing::Writing;

/// What is kept of the invocation's time to end the answer properly.
const CLOSING: Duration = Duration::from_secs(10);

/// For how long an answer is tried to be claimed while the database does not answer; later nobody waits for it any more.
const CLAIMING: Duration = Duration::from_secs(20);

/// The function, with what it may touch.
#[derive(Debug)]
pub struct Reply {
    /// Where answers are kept.
    pub store: Store,
    /// Who answers.
    pub models: Models,
    /// Where sockets are registered.
    pub connections: Connections,
    /// The way to sockets.
    pub sender: Sender,
}

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Reply> {
    let clock = Clock::system();
    let aws = realtime::aws_config().await;
    Ok(Reply {
        store: Store::connect(&env.secret("DATABASE_URL")?, clock.clone()).await?,
        models: Models::new(LlmSettings::read(|name| env.optional(name))?)?,
        connections: Connections::new(&aws, env.required("CONNECTIONS_TABLE")?, clock),
        sender: Sender::new(&aws, &env.required("WS_MANAGEMENT_ENDPOINT")?),
    })
}

impl runtime::Handler for Reply {
    type Event = ReplyRequest;
    type Output = ();

    async fn handle(&self, request: ReplyRequest, invocation: Invocation) -> anyhow::Result<()> {
        let span = tracing::info_span!("reply", message.id = %request.message_id);
        let written = self.write(request, invocation.deadline - CLOSING).instrument(span);
        Ok(Box::pin(written).await?)
    }
}

impl Reply {
    async fn write(&self, request: ReplyRequest, deadline: Instant) -> Result<(), Fault> {
        let Some(claimed) = self.claim(&request).await? else {
            tracing::info!("the answer is written or finished already");
            return Ok(());
        };
        let claim = claimed.claim;
        let announcer = Announcer::over(self.connections.clone(), self.sender.clone());
        let stored = StoredAnswer { store: &self.store, claim };
        let sockets = Sockets { connections: &self.connections, sender: &self.sender, announcer, claim };
        let steps = step::steps(&self.models, claimed);
        let writing = Writing::new(&stored, &sockets, claim.conversation_id, claim.message_id, request.connection_id);
        Box::pin(writing.run(steps.boxed(), deadline)).await
    }

    /// Takes the answer; nothing is lost by trying again, because nobody else was started for it.
    async fn claim(&self, request: &ReplyRequest) -> Result<Option<ClaimedAnswer>, Fault> {
        let give_up = Instant::now() + CLAIMING;
        let mut pause = Duration::from_millis(50);
        loop {
            match self.store.claim_answer(request.user_id, request.message_id).await {
                Err(fault @ Fault::Unavailable { .. }) if Instant::now() + pause < give_up => {
                    tracing::warn!(error = &fault as &dyn std::error::Error, "the answer is not claimed yet");
                    sleep(pause).await;
                    pause *= 2;
                }
                result => return result,
            }
        }
    }
}
