use domain::{
    AnswerState, Conversation, ConversationId, Fault, FinishReason, Message, MessageId, MessageStatus, Notice, Problem,
    Usage, UserId,
};
use sqlx::types::Json;
use uuid::Uuid;

use crate::Store;
use crate::conversations::read;
use crate::digests::{HistorySummary, history_summary};
use crate::fault::fault;
use crate::history::newest;
use crate::prompts::LEASE;
use crate::rows::{AnswerRow, MessageRow};
use crate::transaction::Transaction;

/// The most messages that a model is shown; what fits into its context is usually far less.
const HISTORY: i64 = 1_000;

/// The right to write one answer, held by one invocation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Claim {
    /// Whose answer it is.
    pub owner: UserId,
    /// Where it is written.
    pub conversation_id: ConversationId,
    /// The answer.
    pub message_id: MessageId,
    /// Tells this invocation from every other one.
    pub token: Uuid,
}

/// An answer to be written, and what it answers.
#[derive(Clone, Debug)]
pub struct ClaimedAnswer {
    /// The right to write it.
    pub claim: Claim,
    /// Where it is written.
    pub conversation: Conversation,
    /// The empty answer; its `model` is the one that the prompt asked for, if it did.
    pub reply: Message,
    /// What was said so far, oldest first; the last one is the prompt.
    pub history: Vec<Message>,
    /// The condensed older messages of the conversation, whichever branch they are on.
    pub summary: Option<HistorySummary>,
    /// What the person asks of every answer.
    pub person_instructions: Option<String>,
}

/// What was added to an answer since the last checkpoint. It says where it begins, so that writing it twice is writing it once:
/// the reply of the database to the first attempt may have been lost.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Growth {
    /// Text, without the character U+0000.
    pub text: String,
    /// Where `text` begins in the answer, in Unicode code points.
    pub text_at: i32,
    /// Thinking, without the character U+0000.
    pub thinking: String,
    /// Where `thinking` begins in the answer's thinking, in Unicode code points.
    pub thinking_at: i32,
    /// The frames of the answer that it reaches with this.
    pub last_seq: i64,
}

/// How a writer stands after a checkpoint.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// The answer is its own, to be written on.
    Held,
    /// The answer is its own, and is to be ended as `stopped`.
    StopRequested,
    /// The claim is lost, to whoever interrupted the answer or with the conversation: nothing more is to be written.
    Lost,
}

impl Standing {
    /// Whether the answer may be written on.
    pub const fn is_held(self) -> bool {
        !matches!(self, Self::Lost)
    }
}

/// How an answer ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Anything but `streaming`.
    pub status: MessageStatus,
    /// Why the model stopped.
    pub finish_reason: Option<FinishReason>,
    /// What it used.
    pub usage: Option<Usage>,
    /// Its price in millionths of a dollar, where it is known.
    pub cost_micros: Option<i64>,
    /// What the person should know about it.
    pub notices: Vec<Notice>,
    /// The model that was asked first, where another answered in its place.
    pub fallback_from: Option<String>,
    /// The provider's part of `model`.
    pub provider: Option<String>,
    /// The model that answered, as `provider/model`.
    pub model: Option<String>,
    /// What went wrong.
    pub error: Option<Problem>,
}

impl Outcome {
    /// An end of which nothing else is known.
    pub const fn new(status: MessageStatus) -> Self {
        Self {
            status,
            finish_reason: None,
            usage: None,
            cost_micros: None,
            notices: Vec::new(),
            fallback_from: None,
            provider: None,
            model: None,
            error: None,
        }
    }
}

impl Store {
    /// Takes an answer that nobody writes yet. `None` means that it is taken, finished, expired or gone.
    pub async fn claim_answer(&self, owner: UserId, message: MessageId) -> Result<Option<ClaimedAnswer>, Fault> {
        let now = self.clock.now();
        let token = self.clock.new_id();
        let mut transaction = self.begin(owner).await?;
        let claimed = sqlx::query_as!(
            MessageRow,
            r#"UPDATE messages SET claimed_by = $3, lease_until = $4
               WHERE id = $1 AND user_id = $2 AND status = 'streaming' AND claimed_by IS NULL AND lease_until > $5
               RETURNING id, conversation_id, parent_id, sender, status, content, thinking, client_id, model, finish_reason,
                         error AS "error: _", usage AS "usage: _", cost_micros, notices, fallback_from, last_seq, "timestamp", created_at"#,
            message.as_i64(),
            owner.as_uuid(),
            token,
            now + LEASE,
            now,
        )
        .fetch_optional(&mut transaction)
        .await
        .map_err(fault)?;
        let Some(reply) = claimed.map(Message::try_from).transpose()? else {
            return Ok(None);
        };
        let conversation = read(&mut transaction, owner, reply.conversation_id).await?;
        let history = match reply.parent_id {
            Some(prompt) => {
                newest(&mut transaction, owner, conversation.id, prompt, HISTORY).await?.into_iter().rev().collect()
            }
            None => Vec::new(),
        };
        let summary = history_summary(&mut transaction, owner, conversation.id).await?;
        let person_instructions = sqlx::query_scalar!("SELECT instructions FROM users WHERE id = $1", owner.as_uuid())
            .fetch_one(&mut transaction)
            .await
            .map_err(fault)?;
        transaction.commit().await?;
        let claim = Claim { owner, conversation_id: conversation.id, message_id: message, token };
        Ok(Some(ClaimedAnswer { claim, conversation, reply, history, summary, person_instructions }))
    }

    /// Adds to an answer and renews its lease.
    pub async fn checkpoint(&self, claim: &Claim, grown: &Growth) -> Result<Standing, Fault> {
        let mut transaction = self.begin(claim.owner).await?;
        let stop_requested = sqlx::query_scalar!(
            r#"UPDATE messages
               SET content = left(content, $4) || $5, thinking = nullif(left(coalesce(thinking, ''), $6) || $7, ''), last_seq = $8,
                   lease_until = $9
               WHERE id = $1 AND user_id = $2 AND claimed_by = $3 AND status = 'streaming'
               RETURNING stop_requested"#,
            claim.message_id.as_i64(),
            claim.owner.as_uuid(),
            claim.token,
            grown.text_at,
            grown.text,
            grown.thinking_at,
            grown.thinking,
            grown.last_seq,
            self.clock.now() + LEASE,
        )
        .fetch_optional(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await?;
        Ok(match stop_requested {
            Some(false) => Standing::Held,
            Some(true) => Standing::StopRequested,
            None => Standing::Lost,
        })
    }

    /// Adds the last of an answer and ends it. Doing it again, when the first reply of the database was lost, gives the same.
    /// `None` means that the claim was lost.
    pub async fn finish_answer(
        &self,
        claim: &Claim,
        grown: &Growth,
        outcome: &Outcome,
    ) -> Result<Option<AnswerState>, Fault> {
        let notices: Vec<String> = outcome.notices.iter().map(|notice| notice.as_str().to_owned()).collect();
        let mut transaction = self.begin(claim.owner).await?;
        let finished = sqlx::query_as!(
            AnswerRow,
            // The conversation is locked before its message, as by whoever deletes it or sends the next prompt: in the other order
            // the two could wait for each other.
            r#"WITH conversation AS (
                   SELECT id FROM conversations WHERE id = $16 AND user_id = $2 FOR NO KEY UPDATE
               ), answer AS (
                   UPDATE messages
                   SET content = left(content, $4) || $5, thinking = nullif(left(coalesce(thinking, ''), $6) || $7, ''), last_seq = $8,
                       lease_until = NULL, status = $9, finish_reason = $10, usage = $11, provider = $12, model = $13, error = $14,
                       "timestamp" = $15, cost_micros = $17, notices = $18, fallback_from = $19
                   FROM conversation
                   WHERE messages.conversation_id = conversation.id
                     AND messages.id = $1 AND user_id = $2 AND claimed_by = $3 AND status = 'streaming'
                   RETURNING messages.id, conversation_id, parent_id, status, model, finish_reason, usage, cost_micros, notices, fallback_from, "timestamp"
               ), changed AS (
                   UPDATE conversations SET updated_at = $15 FROM answer
                   WHERE conversations.id = answer.conversation_id AND conversations.user_id = $2
               )
               SELECT id, parent_id, status, model, finish_reason, usage AS "usage: _", cost_micros, notices, fallback_from, "timestamp" FROM answer"#,
            claim.message_id.as_i64(),
            claim.owner.as_uuid(),
            claim.token,
            grown.text_at,
            grown.text,
            grown.thinking_at,
            grown.thinking,
            grown.last_seq,
            outcome.status.as_str(),
            outcome.finish_reason.map(FinishReason::as_str),
            outcome.usage.map(Json) as Option<Json<Usage>>,
            outcome.provider,
            outcome.model,
            outcome.error.as_ref().map(Json) as Option<Json<&Problem>>,
            self.clock.now(),
            claim.conversation_id.as_uuid(),
            outcome.cost_micros,
            &notices,
            outcome.fallback_from,
        )
        .fetch_optional(&mut transaction)
        .await
        .map_err(fault)?;
        let finished = match finished {
            Some(row) => Some(row),
            None => finished_before(&mut transaction, claim).await?,
        };
        transaction.commit().await?;
        finished.map(AnswerState::try_from).transpose()
    }

    /// Ends an answer that nobody will write, because its writer could not be started. `None` means that somebody writes it.
    pub async fn abandon_answer(
        &self,
        owner: UserId,
        message: MessageId,
        problem: &Problem,
    ) -> Result<Option<AnswerState>, Fault> {
        let mut transaction = self.begin(owner).await?;
        let abandoned = sqlx::query_as!(
            AnswerRow,
            r#"UPDATE messages SET status = 'failed', lease_until = NULL, error = $3, "timestamp" = $4
               WHERE id = $1 AND user_id = $2 AND status = 'streaming' AND claimed_by IS NULL
               RETURNING id, parent_id, status, model, finish_reason, usage AS "usage: _", cost_micros, notices, fallback_from, "timestamp""#,
            message.as_i64(),
            owner.as_uuid(),
            Json(problem) as Json<&Problem>,
            self.clock.now(),
        )
        .fetch_optional(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await?;
        abandoned.map(AnswerState::try_from).transpose()
    }
}

/// The answer, if it was this claim that ended it.
async fn finished_before(transaction: &mut Transaction, claim: &Claim) -> Result<Option<AnswerRow>, Fault> {
    sqlx::query_as!(
        AnswerRow,
        r#"SELECT id, parent_id, status, model, finish_reason, usage AS "usage: _", cost_micros, notices, fallback_from, "timestamp"
           FROM messages
           WHERE id = $1 AND user_id = $2 AND claimed_by = $3 AND status <> 'streaming'"#,
        claim.message_id.as_i64(),
        claim.owner.as_uuid(),
        claim.token,
    )
    .fetch_optional(&mut *transaction)
    .await
    .map_err(fault)
}
