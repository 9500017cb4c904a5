//! Other attempts: another answer to the same prompt, another wording of a prompt, and which of them is shown.

use std::collections::BTreeMap;

use domain::{
    Conflict, Conversation, ConversationId, Fault, Message, MessageId, MessageStatus, ModelId, Sender, Status, UserId,
};

use crate::Store;
use crate::conversations::lock;
use crate::fault::fault;
use crate::history::read_message;
use crate::prompts::{CommittedPrompt, LEASE, NewPrompt, insert, refuse_while_running, repeated};
use crate::transaction::Transaction;

impl Store {
    /// Stores another, empty answer beside this one, and shows it. The one before stays as it is.
    ///
    /// # Errors
    /// [`Fault::NotFound`], [`Fault::Invalid`] when it is a prompt, [`Conflict::ConversationEnded`] or [`Conflict::AnswerRunning`].
    pub async fn commit_regeneration(
        &self,
        owner: UserId,
        answer: MessageId,
        model: Option<ModelId>,
    ) -> Result<CommittedPrompt, Fault> {
        let now = self.clock.now();
        let mut transaction = self.begin(owner).await?;
        let before = read_message(&mut transaction, owner, answer).await?;
        let (Sender::Assistant, Some(prompt)) = (before.sender, before.parent_id) else {
            return Err(Fault::invalid("message_id", "must be an answer: a prompt is edited"));
        };
        let mut conversation = open(&mut transaction, owner, before.conversation_id).await?;
        refuse_while_running(&mut transaction, owner, conversation.id, now).await?;
        let model = model.map(String::from);
        let id = sqlx::query_scalar!(
            r#"WITH reply AS (
                   INSERT INTO messages (conversation_id, user_id, parent_id, sender, status, model, lease_until, "timestamp", created_at)
                   VALUES ($1, $2, $3, 'assistant', 'streaming', $4, $5, $6, $6)
                   RETURNING id
               ), conversation AS (
                   UPDATE conversations SET leaf_id = reply.id, updated_at = $6 FROM reply
                   WHERE conversations.id = $1 AND user_id = $2
               )
               SELECT id FROM reply"#,
            conversation.id.as_uuid(),
            owner.as_uuid(),
            prompt.as_i64(),
            model,
            now + LEASE,
            now,
        )
        .fetch_one(&mut transaction)
        .await
        .map_err(fault)?;
        let message = read_message(&mut transaction, owner, prompt).await?;
        let reply = Message {
            id: id.into(),
            parent_id: Some(prompt),
            sender: Sender::Assistant,
            status: MessageStatus::Streaming,
            content: String::new(),
            client_id: None,
            model,
            timestamp: now,
            created_at: now,
            ..message.clone()
        };
        transaction.commit().await?;
        conversation.leaf_id = Some(reply.id);
        conversation.updated_at = now;
        Ok(CommittedPrompt { message, reply, conversation, titled: false, repeated: false, unclaimed: true })
    }

    /// Stores another wording of a prompt beside it, with its empty answer, and shows them. The one before stays as it is, with all that
    /// followed it. `wording` names the conversation that the prompt has to be in.
    ///
    /// # Errors
    /// As [`commit_prompt`](Self::commit_prompt), and [`Fault::Invalid`] when it is an answer.
    pub async fn commit_edit(
        &self,
        owner: UserId,
        prompt: MessageId,
        wording: NewPrompt,
    ) -> Result<CommittedPrompt, Fault> {
        let now = self.clock.now();
        let mut transaction = self.begin(owner).await?;
        let before = read_message(&mut transaction, owner, prompt).await?;
        if before.conversation_id != wording.conversation_id {
            return Err(Fault::NotFound("message"));
        }
        if before.sender != Sender::User {
            return Err(Fault::invalid("message_id", "must be a prompt: an answer is regenerated"));
        }
        let conversation = lock(&mut transaction, owner, before.conversation_id).await?;
        if let Some(first) = repeated(&mut transaction, owner, &conversation, &wording.client_id, now).await? {
            transaction.commit().await?;
            return Ok(first);
        }
        refuse_ended(&conversation)?;
        refuse_while_running(&mut transaction, owner, conversation.id, now).await?;
        let committed = insert(&mut transaction, owner, wording, before.parent_id, conversation, now).await?;
        transaction.commit().await?;
        Ok(committed)
    }
}

/// Locks a conversation that takes messages.
async fn open(transaction: &mut Transaction, owner: UserId, id: ConversationId) -> Result<Conversation, Fault> {
    let conversation = lock(transaction, owner, id).await?;
    refuse_ended(&conversation)?;
    Ok(conversation)
}

fn refuse_ended(conversation: &Conversation) -> Result<(), Fault> {
    if conversation.status == Status::Ended { Err(Conflict::ConversationEnded.into()) } else { Ok(()) }
}

/// The newest message below this one, which is the end of a branch; the message itself when nothing follows it. `None` when it is no
/// message of this conversation.
pub(crate) async fn newest_leaf(
    transaction: &mut Transaction,
    owner: UserId,
    conversation: ConversationId,
    message: MessageId,
) -> Result<Option<MessageId>, Fault> {
    // Ids grow away from the root, so that the greatest one of a subtree has nothing below it.
    let leaf = sqlx::query_scalar!(
        r#"WITH RECURSIVE below (id) AS (
               SELECT id FROM messages WHERE conversation_id = $1 AND user_id = $2 AND id = $3
               UNION ALL
               SELECT child.id FROM below JOIN messages child ON child.conversation_id = $1 AND child.parent_id = below.id
           )
           SELECT max(id) FROM below"#,
        conversation.as_uuid(),
        owner.as_uuid(),
        message.as_i64(),
    )
    .fetch_one(&mut *transaction)
    .await
    .map_err(fault)?;
    Ok(leaf.map(MessageId::from))
}

/// Tells each message which others stand in its place.
pub(crate) async fn fill_siblings(
    transaction: &mut Transaction,
    owner: UserId,
    conversation: ConversationId,
    messages: &mut [Message],
) -> Result<(), Fault> {
    let parents: Vec<_> = messages.iter().filter_map(|message| message.parent_id).map(MessageId::as_i64).collect();
    let with_root = messages.iter().any(|message| message.parent_id.is_none());
    let rows = sqlx::query!(
        r#"SELECT parent_id, array_agg(id ORDER BY id) AS "ids!"
           FROM messages
           WHERE conversation_id = $1 AND user_id = $2 AND (parent_id = ANY($3) OR ($4 AND parent_id IS NULL))
           GROUP BY parent_id
           HAVING count(*) > 1"#,
        conversation.as_uuid(),
        owner.as_uuid(),
        &parents,
        with_root,
    )
    .fetch_all(&mut *transaction)
    .await
    .map_err(fault)?;
    let siblings: BTreeMap<_, Vec<_>> = rows
        .into_iter()
        .map(|row| (row.parent_id.map(MessageId::from), row.ids.into_iter().map(MessageId::from).collect()))
        .collect();
    for message in messages {
        message.sibling_ids = siblings.get(&message.parent_id).cloned().unwrap_or_default();
    }
    Ok(())
}
