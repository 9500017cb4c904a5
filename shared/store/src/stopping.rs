use domain::{ConversationId, Fault, Message, MessageId, MessageStatus, Sender, UserId};

use crate::Store;
use crate::fault::fault;
use crate::history::read_message;
use crate::prompts::interrupt_expired;

/// What became of the wish to stop an answer.
#[derive(Clone, Debug)]
pub struct Stopping {
    /// The answer as it is now: `streaming` as long as its writer has not ended it.
    pub answer: Message,
    /// Whether this wish ended it, because nobody was writing it yet or any more.
    pub ended_now: bool,
}

impl Store {
    /// Asks for an answer to be stopped. What nobody has begun to write ends at once; a writer ends it when it hears of the wish, and
    /// at its next checkpoint at the latest. An answer that has ended stays as it is, and asking twice is asking once.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when `owner` has no such message in this conversation; [`Fault::Invalid`] when it is a prompt.
    pub async fn request_stop(
        &self,
        owner: UserId,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<Stopping, Fault> {
        let now = self.clock.now();
        let mut transaction = self.begin(owner).await?;
        // One that nobody writes any more was interrupted before anybody wanted to stop it.
        let mut ended_now = interrupt_expired(&mut transaction, owner, conversation, now).await?;
        let stopped = sqlx::query_scalar!(
            r#"UPDATE messages
               SET stop_requested = true,
                   status = CASE WHEN claimed_by IS NULL THEN 'stopped' ELSE status END,
                   lease_until = CASE WHEN claimed_by IS NULL THEN NULL ELSE lease_until END,
                   "timestamp" = CASE WHEN claimed_by IS NULL THEN $4 ELSE "timestamp" END
               WHERE id = $1 AND user_id = $2 AND conversation_id = $3 AND status = 'streaming'
               RETURNING status"#,
            message.as_i64(),
            owner.as_uuid(),
            conversation.as_uuid(),
            now,
        )
        .fetch_optional(&mut transaction)
        .await
        .map_err(fault)?;
        ended_now |= stopped.is_some_and(|status| status == MessageStatus::Stopped.as_str());
        let answer = read_message(&mut transaction, owner, message).await?;
        if answer.conversation_id != conversation {
            return Err(Fault::NotFound("message"));
        }
        if answer.sender != Sender::Assistant {
            return Err(Fault::invalid("message_id", "must be an answer: a prompt cannot be stopped"));
        }
        transaction.commit().await?;
        Ok(Stopping { ended_now: ended_now && answer.status.is_final(), answer })
    }
}
