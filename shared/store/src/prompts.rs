use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{
    ClientId, Conflict, Content, Conversation, ConversationId, Fault, Message, MessageId, MessageStatus, ModelId,
    Sender, Status, Title, UserId,
};

use crate::Store;
use crate::conversations::lock;
use crate::fault::fault;
use crate::history::read_message;
use crate::rows::MessageRow;
use crate::transaction::Transaction;

/// How long an answer is believed to be written after its prompt was committed, or after its last checkpoint.
pub(crate) const LEASE: Duration = Duration::from_secs(30);

/// A prompt to be stored.
#[derive(Clone, Debug)]
pub struct NewPrompt {
    /// Where it is said.
    pub conversation_id: ConversationId,
    /// What is said.
    pub content: Content,
    /// The sender's own name for it; the second prompt of that name is the first one again.
    pub client_id: ClientId,
    /// The model that is to answer it, instead of the conversation's.
    pub model: Option<ModelId>,
}

/// A prompt that is stored, with the answer that will grow.
#[derive(Clone, Debug)]
pub struct CommittedPrompt {
    /// The prompt.
    pub message: Message,
    /// Its answer: empty and `streaming`, unless the prompt was a repeated one.
    pub reply: Message,
    /// The conversation with both in it.
    pub conversation: Conversation,
    /// Whether the conversation got its title from this prompt.
    pub titled: bool,
    /// Whether the prompt had been stored before, under the same client id.
    pub repeated: bool,
    /// Whether nobody writes the answer yet: `reply` has to be invoked.
    pub unclaimed: bool,
}

impl Store {
    /// Stores a prompt and its empty answer at the end of the shown branch, in one transaction: from here on the prompt cannot
    /// be lost, and the answer has a writer within its lease or is interrupted.
    ///
    /// # Errors
    /// [`Fault::NotFound`], [`Conflict::ConversationEnded`] or [`Conflict::AnswerRunning`].
    pub async fn commit_prompt(&self, owner: UserId, prompt: NewPrompt) -> Result<CommittedPrompt, Fault> {
        let mut transaction = self.begin(owner).await?;
        let conversation = lock(&mut transaction, owner, prompt.conversation_id).await?;
        // Before the states that forbid it: a prompt that was accepted stays accepted.
        let now = self.clock.now();
        if let Some(first) = repeated(&mut transaction, owner, &conversation, &prompt.client_id, now).await? {
            transaction.commit().await?;
            return Ok(first);
        }
        if conversation.status == Status::Ended {
            return Err(Conflict::ConversationEnded.into());
        }
        refuse_while_running(&mut transaction, owner, conversation.id, now).await?;
        let leaf = conversation.leaf_id;
        let committed = insert(&mut transaction, owner, prompt, leaf, conversation, now).await?;
        transaction.commit().await?;
        Ok(committed)
    }
}

/// Refuses while an answer is being written; one whose writer has died is not.
pub(crate) async fn refuse_while_running(
    transaction: &mut Transaction,
    owner: UserId,
    conversation: ConversationId,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    if running(transaction, owner, conversation).await?.is_some() {
        interrupt_expired(transaction, owner, conversation, now).await?;
        if let Some(running) = running(transaction, owner, conversation).await? {
            return Err(Conflict::AnswerRunning(running).into());
        }
    }
    Ok(())
}

/// Stores a prompt below `parent`, with its empty answer, and shows them.
pub(crate) async fn insert(
    transaction: &mut Transaction,
    owner: UserId,
    prompt: NewPrompt,
    parent: Option<MessageId>,
    mut conversation: Conversation,
    now: DateTime<Utc>,
) -> Result<CommittedPrompt, Fault> {
    let titled = conversation.title.is_none();
    let title = conversation.title.unwrap_or_else(|| Title::from_prompt(&prompt.content).into());
    let model = prompt.model.map(String::from);
    let stored = sqlx::query!(
        r#"WITH prompt AS (
               INSERT INTO messages (conversation_id, user_id, parent_id, sender, status, content, client_id, "timestamp", created_at)
               VALUES ($1, $2, $3, 'user', 'complete', $4, $5, $6, $6)
               RETURNING id
           ), reply AS (
               INSERT INTO messages (conversation_id, user_id, parent_id, sender, status, model, lease_until, "timestamp", created_at)
               SELECT $1, $2, prompt.id, 'assistant', 'streaming', $7, $8, $6, $6 FROM prompt
               RETURNING id
           ), conversation AS (
               UPDATE conversations
               SET leaf_id = reply.id, updated_at = $6, start_timestamp = coalesce(start_timestamp, $6), title = $9,
                   version = version + $10::integer
               FROM reply
               WHERE conversations.id = $1 AND user_id = $2
           )
           SELECT prompt.id AS prompt, reply.id AS reply FROM prompt, reply"#,
        conversation.id.as_uuid(),
        owner.as_uuid(),
        parent.map(i64::from),
        prompt.content.as_str(),
        prompt.client_id.as_str(),
        now,
        model,
        now + LEASE,
        title,
        i32::from(titled),
    )
    .fetch_one(&mut *transaction)
    .await
    .map_err(fault)?;

    let message = Message {
        id: stored.prompt.into(),
        conversation_id: conversation.id,
        parent_id: parent,
        sender: Sender::User,
        status: MessageStatus::Complete,
        content: prompt.content.into(),
        thinking: None,
        client_id: Some(prompt.client_id.into()),
        model: None,
        finish_reason: None,
        error: None,
        usage: None,
        cost_micros: None,
        notices: Vec::new(),
        fallback_from: None,
        last_seq: 0,
        sibling_ids: Vec::new(),
        timestamp: now,
        created_at: now,
    };
    let reply = Message {
        id: stored.reply.into(),
        parent_id: Some(message.id),
        sender: Sender::Assistant,
        status: MessageStatus::Streaming,
        content: String::new(),
        client_id: None,
        model,
        ..message.clone()
    };
    conversation.title = Some(title);
    conversation.leaf_id = Some(reply.id);
    conversation.start_timestamp.get_or_insert(now);
    conversation.updated_at = now;
    conversation.version += i64::from(titled);
    Ok(CommittedPrompt { message, reply, conversation, titled, repeated: false, unclaimed: true })
}

/// The prompt that was stored under this client id, and its first answer.
pub(crate) async fn repeated(
    transaction: &mut Transaction,
    owner: UserId,
    conversation: &Conversation,
    client_id: &ClientId,
    now: DateTime<Utc>,
) -> Result<Option<CommittedPrompt>, Fault> {
    let rows = sqlx::query_as!(
        MessageRow,
        r#"WITH prompt AS (
               SELECT id FROM messages WHERE conversation_id = $1 AND user_id = $2 AND client_id = $3
           )
           SELECT id, conversation_id, parent_id, sender, status, content, thinking, client_id, model, finish_reason,
                  error AS "error: _", usage AS "usage: _", cost_micros, notices, fallback_from, last_seq, "timestamp", created_at
           FROM messages
           WHERE conversation_id = $1 AND user_id = $2 AND (id = (SELECT id FROM prompt) OR parent_id = (SELECT id FROM prompt))
           ORDER BY id
           LIMIT 2"#,
        conversation.id.as_uuid(),
        owner.as_uuid(),
        client_id.as_str(),
    )
    .fetch_all(&mut *transaction)
    .await
    .map_err(fault)?;
    let mut messages = rows.into_iter().map(Message::try_from).collect::<Result<Vec<_>, _>>()?.into_iter();
    let (Some(message), Some(mut reply)) = (messages.next(), messages.next()) else {
        return Ok(None);
    };
    if reply.status == MessageStatus::Streaming && interrupt_expired(transaction, owner, conversation.id, now).await? {
        reply = read_message(transaction, owner, reply.id).await?;
    }
    let unclaimed = reply.status == MessageStatus::Streaming && unclaimed(transaction, owner, reply.id).await?;
    Ok(Some(CommittedPrompt {
        message,
        reply,
        conversation: conversation.clone(),
        titled: false,
        repeated: true,
        unclaimed,
    }))
}

async fn unclaimed(transaction: &mut Transaction, owner: UserId, answer: MessageId) -> Result<bool, Fault> {
    sqlx::query_scalar!(
        r#"SELECT claimed_by IS NULL AS "unclaimed!" FROM messages WHERE id = $1 AND user_id = $2"#,
        answer.as_i64(),
        owner.as_uuid(),
    )
    .fetch_one(&mut *transaction)
    .await
    .map_err(fault)
}

/// The answer that is being written, if one is.
async fn running(
    transaction: &mut Transaction,
    owner: UserId,
    conversation: ConversationId,
) -> Result<Option<MessageId>, Fault> {
    let id = sqlx::query_scalar!(
        "SELECT id FROM messages WHERE conversation_id = $1 AND user_id = $2 AND status = 'streaming'",
        conversation.as_uuid(),
        owner.as_uuid(),
    )
    .fetch_optional(&mut *transaction)
    .await
    .map_err(fault)?;
    Ok(id.map(MessageId::from))
}

/// Ends an answer whose writer has not been heard of for the length of its lease; the text so far is kept. It takes the claim
/// from the writer, who would otherwise take the end for its own.
pub(crate) async fn interrupt_expired(
    transaction: &mut Transaction,
    owner: UserId,
    conversation: ConversationId,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let interrupted = sqlx::query!(
        r#"UPDATE messages SET status = 'interrupted', claimed_by = NULL, lease_until = NULL, "timestamp" = $3
           WHERE conversation_id = $1 AND user_id = $2 AND status = 'streaming' AND lease_until <= $3"#,
        conversation.as_uuid(),
        owner.as_uuid(),
        now,
    )
    .execute(&mut *transaction)
    .await
    .map_err(fault)?;
    Ok(interrupted.rows_affected() > 0)
}
