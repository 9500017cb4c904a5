use domain::{Fault, MessageId};
use realtime::{Announcer, Connection, ServerFrame};

use super::{Messages, watched};

impl Messages {
    /// Stops an answer of the conversation that this socket watches. Who watches hears of it by the terminal frame, and who asks for
    /// an answer that has ended is told how.
    pub(super) async fn stop(&self, connection: Connection, answer: MessageId) -> Result<(), Fault> {
        let owner = connection.user_id;
        let stopping = self.store.request_stop(owner, watched(&connection)?, answer).await?;
        if stopping.ended_now {
            let announcer = Announcer::over(self.connections.clone(), self.sender.clone()).including(connection);
            announcer.reply_ended(owner, &stopping.answer).await;
        } else if let Some(ended) = ServerFrame::ended_as_stored(&stopping.answer) {
            self.sender.send(&connection.id, &ended).await;
        } else if let Err(fault) = self.signals.stop(answer).await {
            // The writer sees it at its next checkpoint.
            tracing::warn!(error = &fault as &dyn std::error::Error, message.id = %answer, "a stop is not hurried");
        }
        Ok(())
    }
}
