use domain::{
    Conflict, Conversation, ConversationCursor, ConversationFilter, ConversationId, ConversationItem,
    ConversationPatch, Fault, Instructions, ModelId, Page, Patch, Status, Title, TitleBy, UserId,
};

use crate::Store;
use crate::fault::fault;
use crate::rows::{ConversationItemRow, ConversationRow};
use crate::siblings::newest_leaf;
use crate::transaction::Transaction;

/// What a conversation starts with.
#[derive(Clone, Debug, Default)]
pub struct NewConversation {
    /// A title of the person's own.
    pub title: Option<Title>,
    /// The model that answers; absent means the portal's default.
    pub model: Option<ModelId>,
    /// What every answer is asked to heed.
    pub instructions: Option<Instructions>,
}

impl Store {
    /// Starts a conversation.
    pub async fn create_conversation(&self, owner: UserId, new: NewConversation) -> Result<Conversation, Fault> {
        let id = ConversationId::new(&self.clock);
        let title_by = if new.title.is_some() { TitleBy::User } else { TitleBy::Model };
        let mut transaction = self.begin(owner).await?;
        let row = sqlx::query_as!(
            ConversationRow,
            r#"INSERT INTO conversations (id, user_id, title, title_by, model, instructions, created_at, updated_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
               RETURNING id, kind, title, title_by, status, summary, summary_status, topics, sentiment, model, instructions, leaf_id,
                         start_timestamp, end_timestamp, archived_at, pinned_at, created_at, updated_at, version"#,
            id.as_uuid(),
            owner.as_uuid(),
            new.title.as_ref().map(Title::as_str),
            title_by.as_str(),
            new.model.as_ref().map(ModelId::as_str),
            new.instructions.as_ref().map(Instructions::as_str),
            self.clock.now(),
        )
        .fetch_one(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await?;
        row.try_into()
    }

    /// One conversation, without its messages.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when `owner` has no such conversation.
    pub async fn conversation(&self, owner: UserId, id: ConversationId) -> Result<Conversation, Fault> {
        let mut transaction = self.begin(owner).await?;
        let conversation = read(&mut transaction, owner, id).await?;
        transaction.commit().await?;
        Ok(conversation)
    }

    /// A page of the conversations that `filter` lets through: pinned ones first, then the last changed.
    pub async fn conversations(
        &self,
        owner: UserId,
        filter: &ConversationFilter,
        after: Option<ConversationCursor>,
        limit: u16,
    ) -> Result<Page<ConversationItem>, Fault> {
        let mut transaction = self.begin(owner).await?;
        let rows = sqlx::query_as!(
            ConversationItemRow,
            r#"SELECT id, kind, title, status, summary, summary_status, topics, model, archived_at, pinned_at, created_at, updated_at, version
               FROM conversations
               WHERE user_id = $1
                 AND (archived_at IS NOT NULL) = $2
                 AND ($3::text IS NULL OR status = $3)
                 AND ($4::text IS NULL OR strpos(lower(title), lower($4)) > 0)
                 AND ($5::boolean IS NULL OR ((pinned_at IS NOT NULL), updated_at, id) < ($5, $6, $7))
               ORDER BY (pinned_at IS NOT NULL) DESC, updated_at DESC, id DESC
               LIMIT $8"#,
            owner.as_uuid(),
            filter.archived,
            filter.status.map(Status::as_str),
            filter.text.as_ref().map(domain::SearchText::as_str),
            after.map(|cursor| cursor.pinned),
            after.map(|cursor| cursor.updated_at),
            after.map(|cursor| cursor.id.as_uuid()),
            i64::from(limit) + 1,
        )
        .fetch_all(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await?;
        let mut items = rows.into_iter().map(ConversationItem::try_from).collect::<Result<Vec<_>, _>>()?;
        let more = items.len() > usize::from(limit);
        items.truncate(limit.into());
        let next_cursor = items.last().filter(|_| more).map(|last| {
            ConversationCursor { pinned: last.pinned_at.is_some(), updated_at: last.updated_at, id: last.id }
                .to_string()
        });
        Ok(Page { items, next_cursor })
    }

    /// Changes some fields; every change counts `version` up. A `version` that is given must be the current one.
    ///
    /// # Errors
    /// [`Fault::NotFound`], [`Conflict::VersionMismatch`], or [`Fault::Invalid`] when `leaf_id` is not one of its messages.
    pub async fn update_conversation(
        &self,
        owner: UserId,
        id: ConversationId,
        patch: &ConversationPatch,
        version: Option<i64>,
    ) -> Result<Conversation, Fault> {
        let mut transaction = self.begin(owner).await?;
        let current = lock(&mut transaction, owner, id).await?;
        if version.is_some_and(|version| version != current.version) {
            return Err(Conflict::VersionMismatch(current.version).into());
        }
        if *patch == ConversationPatch::default() {
            return Ok(current);
        }
        let leaf = match patch.leaf_id {
            None => None,
            Some(shown) => match newest_leaf(&mut transaction, owner, id, shown).await? {
                None => return Err(Fault::invalid("leaf_id", "must be a message of this conversation")),
                leaf => leaf,
            },
        };
        let now = self.clock.now();
        let title_by = match patch.title {
            Patch::Keep => current.title_by,
            Patch::Clear => TitleBy::Model,
            Patch::Set(_) => TitleBy::User,
        };
        let marked = |wanted: Option<bool>, current| match wanted {
            None => current,
            Some(false) => None,
            Some(true) => current.or(Some(now)),
        };
        let row = sqlx::query_as!(
            ConversationRow,
            r#"UPDATE conversations
               SET title = $3, title_by = $4, model = $5, instructions = $6, leaf_id = coalesce($7, leaf_id), archived_at = $8, pinned_at = $9,
                   updated_at = $10, version = version + 1
               WHERE id = $1 AND user_id = $2
               RETURNING id, kind, title, title_by, status, summary, summary_status, topics, sentiment, model, instructions, leaf_id,
                         start_timestamp, end_timestamp, archived_at, pinned_at, created_at, updated_at, version"#,
            id.as_uuid(),
            owner.as_uuid(),
            patched(&patch.title, current.title, Title::as_str),
            title_by.as_str(),
            patched(&patch.model, current.model, ModelId::as_str),
            patched(&patch.instructions, current.instructions, Instructions::as_str),
            leaf.map(i64::from),
            marked(patch.archived, current.archived_at),
            marked(patch.pinned, current.pinned_at),
            now,
        )
        .fetch_one(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await?;
        row.try_into()
    }

    /// Deletes a conversation with its messages, and leaves a job that clears the vector store of it.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when `owner` has no such conversation.
    pub async fn delete_conversation(&self, owner: UserId, id: ConversationId) -> Result<(), Fault> {
        let mut transaction = self.begin(owner).await?;
        let deleted =
            sqlx::query!("DELETE FROM conversations WHERE id = $1 AND user_id = $2", id.as_uuid(), owner.as_uuid())
                .execute(&mut transaction)
                .await
                .map_err(fault)?;
        if deleted.rows_affected() == 0 {
            return Err(Fault::NotFound("conversation"));
        }
        sqlx::query!(
            "INSERT INTO jobs (user_id, conversation_id, kind, run_after, created_at) VALUES ($1, $2, 'purge', $3, $3)",
            owner.as_uuid(),
            id.as_uuid(),
            self.clock.now(),
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await
    }
}

fn patched<T>(patch: &Patch<T>, current: Option<String>, text: impl Fn(&T) -> &str) -> Option<String> {
    match patch {
        Patch::Keep => current,
        Patch::Clear => None,
        Patch::Set(value) => Some(text(value).to_owned()),
    }
}

pub(crate) async fn read(
    transaction: &mut Transaction,
    owner: UserId,
    id: ConversationId,
) -> Result<Conversation, Fault> {
    sqlx::query_as!(
        ConversationRow,
        r#"SELECT id, kind, title, title_by, status, summary, summary_status, topics, sentiment, model, instructions, leaf_id,
                  start_timestamp, end_timestamp, archived_at, pinned_at, created_at, updated_at, version
           FROM conversations
           WHERE id = $1 AND user_id = $2"#,
        id.as_uuid(),
        owner.as_uuid(),
    )
    .fetch_optional(&mut *transaction)
    .await
    .map_err(fault)?
    .ok_or(Fault::NotFound("conversation"))?
    .try_into()
}

/// Reads it and keeps every other writer of it waiting until the transaction ends.
pub(crate) async fn lock(
    transaction: &mut Transaction,
    owner: UserId,
    id: ConversationId,
) -> Result<Conversation, Fault> {
    sqlx::query_as!(
        ConversationRow,
        r#"SELECT id, kind, title, title_by, status, summary, summary_status, topics, sentiment, model, instructions, leaf_id,
                  start_timestamp, end_timestamp, archived_at, pinned_at, created_at, updated_at, version
           FROM conversations
           WHERE id = $1 AND user_id = $2
           FOR UPDATE"#,
        id.as_uuid(),
        owner.as_uuid(),
    )
    .fetch_optional(&mut *transaction)
    .await
    .map_err(fault)?
    .ok_or(Fault::NotFound("conversation"))?
    .try_into()
}
