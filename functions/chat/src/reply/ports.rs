use std::future::Future;

use domain::{AnswerState, Fault};
use realtime::{Announcer, AnswerSignals, ConnectionId, Connections, Delivery, Sender, Signals, WireFrame};
use store::{Claim, Growth, Outcome, Standing, Store};

/// Where the answer is kept while it grows. Writing the same twice is writing it once.
pub(super) trait Journal: Sync {
    /// Adds what grew and renews the lease.
    fn checkpoint(&self, grown: &Growth) -> impl Future<Output = Result<Standing, Fault>> + Send;

    /// Adds the last and ends the answer; `None` when it is not ours any more.
    fn finish(
        &self,
        grown: &Growth,
        outcome: &Outcome,
    ) -> impl Future<Output = Result<Option<AnswerState>, Fault>> + Send;
}

/// Those who watch.
pub(super) trait Audience: Sync {
    /// Everybody who is known to watch now.
    fn watchers(&self) -> impl Future<Output = Result<Vec<ConnectionId>, Fault>> + Send;

    /// What they want of the answer's writer now.
    fn signals(&self) -> impl Future<Output = Result<Signals, Fault>> + Send;

    /// Sends a frame to one of them.
    fn post(&self, connection: &ConnectionId, frame: &WireFrame) -> impl Future<Output = Delivery> + Send;

    /// Tells those who do not watch, but list the conversation, that it has grown.
    fn ended(&self, answer: &AnswerState) -> impl Future<Output = ()> + Send;
}

/// The answer in Postgres. No connection is held between two checkpoints.
pub(super) struct StoredAnswer<'a> {
    pub(super) store: &'a Store,
    pub(super) claim: Claim,
}

impl Journal for StoredAnswer<'_> {
    async fn checkpoint(&self, grown: &Growth) -> Result<Standing, Fault> {
        self.store.checkpoint(&self.claim, grown).await
    }

    async fn finish(&self, grown: &Growth, outcome: &Outcome) -> Result<Option<AnswerState>, Fault> {
        self.store.finish_answer(&self.claim, grown, outcome).await
    }
}

/// The sockets of the answer's owner.
pub(super) struct Sockets<'a> {
    pub(super) connections: &'a Connections,
    pub(super) sender: &'a Sender,
    pub(super) signals: &'a AnswerSignals,
    pub(super) announcer: Announcer,
    pub(super) claim: Claim,
}

impl Audience for Sockets<'_> {
    async fn watchers(&self) -> Result<Vec<ConnectionId>, Fault> {
        let found = self.connections.by_conversation(self.claim.owner, self.claim.conversation_id).await?;
        Ok(found.into_iter().map(|connection| connection.id).collect())
    }

    async fn signals(&self) -> Result<Signals, Fault> {
        self.signals.read(self.claim.message_id).await
    }

    async fn post(&self, connection: &ConnectionId, frame: &WireFrame) -> Delivery {
        let delivery = self.sender.post(connection, frame).await;
        if delivery == Delivery::Gone
            && let Err(fault) = self.connections.remove_gone(connection).await
        {
            tracing::warn!(error = &fault as &dyn std::error::Error, "a closed socket stays registered");
        }
        delivery
    }

    async fn ended(&self, answer: &AnswerState) {
        self.announcer.conversation_grew(self.claim.owner, self.claim.conversation_id, answer.timestamp).await;
    }
}
