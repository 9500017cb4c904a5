use domain::{Conversation, ConversationId, Fault, Message, MessageId, MessageStatus, Page, Sender, UserId};

use crate::Store;
use crate::conversations::read;
use crate::fault::fault;
use crate::prompts::interrupt_expired;
use crate::rows::MessageRow;
use crate::siblings::fill_siblings;
use crate::transaction::Transaction;

/// Which part of the shown branch to read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum HistoryRange {
    /// The newest messages.
    Newest,
    /// Those that come before this one.
    Before(MessageId),
    /// Those that come after this one, the oldest of them first.
    After(MessageId),
}

/// A part of the shown branch, oldest message first.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryPage {
    /// Oldest first.
    pub items: Vec<Message>,
    /// Where to go on, in the direction that was asked; absent when there is nothing more.
    pub next: Option<MessageId>,
}

impl From<HistoryPage> for Page<Message> {
    fn from(page: HistoryPage) -> Self {
        Self { items: page.items, next_cursor: page.next.map(|id| id.to_string()) }
    }
}

impl Store {
    /// A conversation and a part of its shown branch, read at one moment.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when `owner` has no such conversation.
    pub async fn history(
        &self,
        owner: UserId,
        id: ConversationId,
        range: HistoryRange,
        limit: u16,
    ) -> Result<(Conversation, HistoryPage), Fault> {
        let mut transaction = self.begin(owner).await?;
        let conversation = read(&mut transaction, owner, id).await?;
        let mut page = page(&mut transaction, owner, &conversation, range, limit).await?;
        // A writer that died leaves its answer `streaming`; whoever looks first says so.
        let streaming = page.items.iter().any(|message| message.status == MessageStatus::Streaming);
        if streaming && interrupt_expired(&mut transaction, owner, id, self.clock.now()).await? {
            page = self::page(&mut transaction, owner, &conversation, range, limit).await?;
        }
        transaction.commit().await?;
        Ok((conversation, page))
    }

    /// One message.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when `owner` has no such message.
    pub async fn message(&self, owner: UserId, id: MessageId) -> Result<Message, Fault> {
        let mut transaction = self.begin(owner).await?;
        let mut message = read_message(&mut transaction, owner, id).await?;
        if message.status == MessageStatus::Streaming
            && interrupt_expired(&mut transaction, owner, message.conversation_id, self.clock.now()).await?
        {
            message = read_message(&mut transaction, owner, id).await?;
        }
        transaction.commit().await?;
        Ok(message)
    }
}

impl Store {
    /// An answer whose reader goes on; without an id, the last one of the branch that is shown, if there is one.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when `owner` has no such conversation, or no such message in it; [`Fault::Invalid`] when it is a prompt.
    pub async fn answer_to_resume(
        &self,
        owner: UserId,
        conversation: ConversationId,
        answer: Option<MessageId>,
    ) -> Result<Option<Message>, Fault> {
        let Some(id) = answer else {
            let (_, page) = self.history(owner, conversation, HistoryRange::Newest, 1).await?;
            return Ok(page.items.into_iter().next_back().filter(|message| message.sender == Sender::Assistant));
        };
        let answer = self.message(owner, id).await?;
        if answer.conversation_id != conversation {
            return Err(Fault::NotFound("message"));
        }
        if answer.sender != Sender::Assistant {
            return Err(Fault::invalid("message_id", "must be an answer: a prompt does not grow"));
        }
        Ok(Some(answer))
    }
}

pub(crate) async fn read_message(
    transaction: &mut Transaction,
    owner: UserId,
    id: MessageId,
) -> Result<Message, Fault> {
    sqlx::query_as!(
        MessageRow,
        r#"SELECT id, conversation_id, parent_id, sender, status, content, thinking, client_id, model, finish_reason,
                  error AS "error: _", usage AS "usage: _", cost_micros, notices, fallback_from, last_seq, "timestamp", created_at
           FROM messages
           WHERE id = $1 AND user_id = $2"#,
        id.as_i64(),
        owner.as_uuid(),
    )
    .fetch_optional(&mut *transaction)
    .await
    .map_err(fault)?
    .ok_or(Fault::NotFound("message"))?
    .try_into()
}

async fn page(
    transaction: &mut Transaction,
    owner: UserId,
    conversation: &Conversation,
    range: HistoryRange,
    limit: u16,
) -> Result<HistoryPage, Fault> {
    let Some(leaf) = conversation.leaf_id else {
        return Ok(HistoryPage { items: Vec::new(), next: None });
    };
    // One more than asked shows whether there is more.
    let wanted = i64::from(limit) + 1;
    let mut items = match range {
        HistoryRange::Newest => newest(transaction, owner, conversation.id, leaf, wanted).await?,
        HistoryRange::Before(id) => {
            let mut items = newest(transaction, owner, conversation.id, id, wanted + 1).await?;
            if items.is_empty() {
                return Err(Fault::invalid("before", "must be a message of this conversation"));
            }
            items.remove(0);
            items
        }
        HistoryRange::After(id) => oldest_after(transaction, owner, conversation.id, leaf, id, wanted).await?,
    };
    let more = items.len() > usize::from(limit);
    items.truncate(limit.into());
    fill_siblings(transaction, owner, conversation.id, &mut items).await?;
    let next = items.last().filter(|_| more).map(|message| message.id);
    if !matches!(range, HistoryRange::After(_)) {
        items.reverse();
    }
    Ok(HistoryPage { items, next })
}

/// The messages from `leaf` towards the root, newest first.
pub(crate) async fn newest(
    transaction: &mut Transaction,
    owner: UserId,
    conversation: ConversationId,
    leaf: MessageId,
    limit: i64,
) -> Result<Vec<Message>, Fault> {
    let rows = sqlx::query_as!(
        MessageRow,
        r#"WITH RECURSIVE branch (id, parent_id, depth) AS (
               SELECT id, parent_id, 1::bigint
               FROM messages
               WHERE conversation_id = $1 AND user_id = $2 AND id = $3
               UNION ALL
               SELECT parent.id, parent.parent_id, branch.depth + 1
               FROM branch JOIN messages parent ON parent.conversation_id = $1 AND parent.id = branch.parent_id
               WHERE branch.depth < $4
           )
           SELECT messages.id, conversation_id, messages.parent_id, sender, status, content, thinking, client_id, model, finish_reason,
                  error AS "error: _", usage AS "usage: _", cost_micros, notices, fallback_from, last_seq, "timestamp", created_at
           FROM branch JOIN messages ON messages.conversation_id = $1 AND messages.id = branch.id
           ORDER BY messages.id DESC"#,
        conversation.as_uuid(),
        owner.as_uuid(),
        leaf.as_i64(),
        limit,
    )
    .fetch_all(&mut *transaction)
    .await
    .map_err(fault)?;
    rows.into_iter().map(Message::try_from).collect()
}

/// The messages between `after` and `leaf`, oldest first. Ids fall on the way to the root, so that the walk can end at `after`.
async fn oldest_after(
    transaction: &mut Transaction,
    owner: UserId,
    conversation: ConversationId,
    leaf: MessageId,
    after: MessageId,
    limit: i64,
) -> Result<Vec<Message>, Fault> {
    let rows = sqlx::query_as!(
        MessageRow,
        r#"WITH RECURSIVE branch (id, parent_id) AS (
               SELECT id, parent_id
               FROM messages
               WHERE conversation_id = $1 AND user_id = $2 AND id = $3 AND id > $4
               UNION ALL
               SELECT parent.id, parent.parent_id
               FROM branch JOIN messages parent ON parent.conversation_id = $1 AND parent.id = branch.parent_id
               WHERE parent.id > $4
           )
           SELECT messages.id, conversation_id, messages.parent_id, sender, status, content, thinking, client_id, model, finish_reason,
                  error AS "error: _", usage AS "usage: _", cost_micros, notices, fallback_from, last_seq, "timestamp", created_at
           FROM branch JOIN messages ON messages.conversation_id = $1 AND messages.id = branch.id
           ORDER BY messages.id
           LIMIT $5"#,
        conversation.as_uuid(),
        owner.as_uuid(),
        leaf.as_i64(),
        after.as_i64(),
        limit,
    )
    .fetch_all(&mut *transaction)
    .await
    .map_err(fault)?;
    rows.into_iter().map(Message::try_from).collect()
}
