use domain::{Conversation, ConversationId, ConversationUsage, Fault, MessageId, Title, UserId};

use crate::Store;
use crate::fault::fault;
use crate::rows::ConversationRow;
use crate::transaction::Transaction;

/// The older messages of a branch, condensed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HistorySummary {
    /// What was said.
    pub text: String,
    /// The last message that is in it. It holds for every branch that this message is on, because what comes before a message never
    /// changes.
    pub through: MessageId,
}

impl Store {
    /// Keeps the condensed older messages of a conversation; `by` says what condensed them. `false` means that the conversation is
    /// gone.
    pub async fn save_history_summary(
        &self,
        owner: UserId,
        conversation: ConversationId,
        summary: &HistorySummary,
        by: &str,
        cost_micros: Option<i64>,
    ) -> Result<bool, Fault> {
        let mut transaction = self.begin(owner).await?;
        let saved = sqlx::query!(
            r#"UPDATE conversations
               SET history_summary = $3, history_summary_through = $4, history_summary_by = $5,
                   background_cost_micros = background_cost_micros + $6
               WHERE id = $1 AND user_id = $2"#,
            conversation.as_uuid(),
            owner.as_uuid(),
            summary.text,
            summary.through.as_i64(),
            by,
            cost_micros.unwrap_or(0),
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await?;
        Ok(saved.rows_affected() == 1)
    }

    /// Gives a conversation a model's title in the place of one that nobody chose. `None` means that it has another one by now: a
    /// person's own is never overwritten.
    pub async fn name_conversation(
        &self,
        owner: UserId,
        conversation: ConversationId,
        title: &Title,
        instead_of: &str,
        cost_micros: Option<i64>,
    ) -> Result<Option<Conversation>, Fault> {
        let mut transaction = self.begin(owner).await?;
        let named = sqlx::query_as!(
            ConversationRow,
            r#"UPDATE conversations
               SET title = $3, version = version + 1, background_cost_micros = background_cost_micros + $5
               WHERE id = $1 AND user_id = $2 AND title_by = 'model' AND title = $4
               RETURNING id, kind, title, title_by, status, summary, summary_status, topics, sentiment, model, instructions, leaf_id,
                         start_timestamp, end_timestamp, archived_at, pinned_at, created_at, updated_at, version"#,
            conversation.as_uuid(),
            owner.as_uuid(),
            title.as_str(),
            instead_of,
            cost_micros.unwrap_or(0),
        )
        .fetch_optional(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await?;
        named.map(Conversation::try_from).transpose()
    }

    /// What all answers of a conversation used, on every branch, and what was spent on it besides.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when `owner` has no such conversation.
    pub async fn conversation_usage(&self, owner: UserId, id: ConversationId) -> Result<ConversationUsage, Fault> {
        let mut transaction = self.begin(owner).await?;
        let row = sqlx::query!(
            r#"SELECT background_cost_micros AS "background!",
                      coalesce(sum((usage ->> 'input_tokens')::bigint), 0)::bigint AS "input!",
                      coalesce(sum((usage ->> 'output_tokens')::bigint), 0)::bigint AS "output!",
                      coalesce(sum(cost_micros), 0)::bigint AS "cost!",
                      count(*) FILTER (WHERE usage IS NOT NULL AND cost_micros IS NULL) AS "unpriced!"
               FROM conversations LEFT JOIN messages ON conversation_id = conversations.id AND sender = 'assistant'
               WHERE conversations.id = $1 AND conversations.user_id = $2
               GROUP BY conversations.id"#,
            id.as_uuid(),
            owner.as_uuid(),
        )
        .fetch_optional(&mut transaction)
        .await
        .map_err(fault)?
        .ok_or(Fault::NotFound("conversation"))?;
        transaction.commit().await?;
        Ok(ConversationUsage {
            input_tokens: row.input.unsigned_abs(),
            output_tokens: row.output.unsigned_abs(),
            cost_micros: row.cost.saturating_add(row.background),
            unpriced_answers: row.unpriced.unsigned_abs(),
        })
    }
}

/// The condensed older messages of a conversation, whichever branch they are on.
pub(crate) async fn history_summary(
    transaction: &mut Transaction,
    owner: UserId,
    conversation: ConversationId,
) -> Result<Option<HistorySummary>, Fault> {
    let row = sqlx::query!(
        "SELECT history_summary, history_summary_through FROM conversations WHERE id = $1 AND user_id = $2",
        conversation.as_uuid(),
        owner.as_uuid(),
    )
    .fetch_one(&mut *transaction)
    .await
    .map_err(fault)?;
    let summary = row.history_summary.zip(row.history_summary_through);
    Ok(summary.map(|(text, through)| HistorySummary { text, through: through.into() }))
}
