//! Writes one answer: claims it, asks a model, tells everybody who watches, and stores what came.
//!
//! It is invoked asynchronously and outlives whoever asked for it.

mod afterwards;
mod meter;
mod ports;
mod question;
mod step;
mod writing;

use std::time::Duration;

use domain::{Clock, Fault};
use futures::StreamExt as _;
use llm::{LlmSettings, Models};
use realtime::{Announcer, AnswerSignals, Connections, ReplyRequest, Sender};
use runtime::Invocation;
use secrets::Secrets;
use store::{ClaimedAnswer, Store};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument as _;

use self::afterwards::Afterwards;
use self::meter::Meter;
use self::ports::{Sockets, StoredAnswer};
use self::question::Question;
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
    /// What readers want of it.
    pub signals: AnswerSignals,
    /// What the portal asks of every answer.
    pub instructions: Option<String>,
}

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Reply> {
    let clock = Clock::system();
    let keys = Secrets::read(env.optional("PROVIDER_KEYS_SECRET")).await?;
    let aws = realtime::aws_config().await;
    Ok(Reply {
        store: Store::connect(&env.secret("DATABASE_URL")?, clock.clone()).await?,
        models: Models::new(LlmSettings::read(|name| env.optional(name).or_else(|| keys.get(name)))?)?,
        connections: Connections::new(&aws, env.required("CONNECTIONS_TABLE")?, clock.clone()),
        signals: AnswerSignals::new(&aws, env.required("ANSWER_SIGNALS_TABLE")?, clock),
        sender: Sender::new(&aws, &env.required("WS_MANAGEMENT_ENDPOINT")?),
        instructions: env.optional("PORTAL_INSTRUCTIONS"),
    })
}

impl runtime::Handler for Reply {
    type Event = ReplyRequest;
    type Output = ();

    async fn handle(&self, request: ReplyRequest, invocation: Invocation) -> anyhow::Result<()> {
        let span = tracing::info_span!("reply", message.id = %request.message_id);
        let written = self.write(request, &invocation.request_id, invocation.deadline - CLOSING).instrument(span);
        Ok(Box::pin(written).await?)
    }
}

impl Reply {
    async fn write(&self, request: ReplyRequest, request_id: &str, deadline: Instant) -> Result<(), Fault> {
        let Some(claimed) = self.claim(&request).await? else {
            tracing::info!("the answer is written or finished already");
            return Ok(());
        };
        let claim = claimed.claim;
        let announcer = Announcer::over(self.connections.clone(), self.sender.clone());
        let for_afterwards = announcer.clone();
        let stored = StoredAnswer { store: &self.store, claim };
        let question = Question::new(&claimed, self.instructions.as_deref());
        let wanted = claimed.reply.model.or(claimed.conversation.model);
        let steps = step::steps(&self.models, wanted, question.prompt.clone(), request_id.to_owned());
        let meter = Meter::new(&self.models, &question.prompt);
        let afterwards = Afterwards {
            store: &self.store,
            models: &self.models,
            announcer: &for_afterwards,
            claim,
            question,
            title: claimed.conversation.title,
            title_by: claimed.conversation.title_by,
        };
        let sockets =
            Sockets { connections: &self.connections, sender: &self.sender, signals: &self.signals, announcer, claim };
        let writing =
            Writing::new(&stored, &sockets, claim.conversation_id, claim.message_id, meter, request.connection_id);
        let Some(answer) = Box::pin(writing.run(steps.boxed(), deadline)).await? else { return Ok(()) };
        if timeout_at(deadline, Box::pin(afterwards.run(&answer))).await.is_err() {
            tracing::warn!("there was no time left for the title and the summary");
        }
        Ok(())
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
