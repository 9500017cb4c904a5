use domain::{Fault, Message, MessageId};
use realtime::{Connection, Delivery, ServerFrame, snapshot};

use super::{Messages, watched};

impl Messages {
    /// Tells one socket an answer as it is stored, and has its writer go on from there: nothing between the two is missing, because the
    /// writer is told which frame the stored text reaches. Without an answer's id it is the last one of the branch that is shown.
    pub(super) async fn resume(
        &self,
        connection: &Connection,
        answer: Option<MessageId>,
        after_seq: i64,
    ) -> Result<(), Fault> {
        let (owner, conversation) = (connection.user_id, watched(connection)?);
        let Some(answer) = self.store.answer_to_resume(owner, conversation, answer).await? else {
            return Ok(());
        };
        let after_seq = self.catch_up(connection, &answer, after_seq).await;
        if self.end(connection, &answer).await {
            return Ok(());
        }
        if let Err(fault) = self.signals.resume(answer.id, &connection.id, after_seq).await {
            // The writer finds the socket at its next checkpoint, as one that has just opened.
            tracing::warn!(error = &fault as &dyn std::error::Error, message.id = %answer.id, "a reader is not announced");
        }
        // The writer may have ended the answer before it could hear of this socket: then nobody else tells it the rest.
        let answer = self.store.message(owner, answer.id).await?;
        if answer.status.is_final() {
            self.catch_up(connection, &answer, after_seq).await;
            self.end(connection, &answer).await;
        }
        Ok(())
    }

    /// Sends what the answer has beyond this frame; gives the last frame that is known then.
    async fn catch_up(&self, connection: &Connection, answer: &Message, after_seq: i64) -> i64 {
        for frame in snapshot(answer, after_seq) {
            if self.sender.send(&connection.id, &frame).await == Delivery::Gone {
                break;
            }
        }
        answer.last_seq.max(after_seq)
    }

    /// Tells how the answer ended; `false` while it is being written.
    async fn end(&self, connection: &Connection, answer: &Message) -> bool {
        match ServerFrame::ended_as_stored(answer) {
            Some(frame) => {
                self.sender.send(&connection.id, &frame).await;
                true
            }
            None => false,
        }
    }
}
