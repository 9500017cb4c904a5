use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::conversation::closed_set;
use crate::{ConversationId, MessageId, Problem};

closed_set! {
    /// Who wrote a message.
    Sender {
        /// The person.
        User = "user",
        /// The model.
        Assistant = "assistant",
    }
}

closed_set! {
    /// How far a message is. Only `streaming` ever changes.
    MessageStatus {
        /// Whole.
        Complete = "complete",
        /// Being written.
        Streaming = "streaming",
        /// Stopped by the person; the text so far is kept.
        Stopped = "stopped",
        /// The model could not answer; `error` says why.
        Failed = "failed",
        /// Cut off by a crash or a broken connection; the text so far is kept.
        Interrupted = "interrupted",
    }
}

closed_set! {
    /// Why a model stopped writing.
    FinishReason {
        /// It had said everything.
        Stop = "stop",
        /// The limit of an answer was reached.
        Length = "length",
        /// A content filter cut it.
        ContentFilter = "content_filter",
        /// The model refused.
        Refusal = "refusal",
        /// Another reason of the provider's.
        Other = "other",
    }
}

closed_set! {
    /// What the person should know about an answer.
    Notice {
        /// Older messages did not fit into the model's context and were left out.
        Trimmed = "trimmed",
        /// The provider did not answer at once and was asked again.
        Retrying = "retrying",
        /// Another model answered, because the wanted one did not.
        Fallback = "fallback",
    }
}

impl MessageStatus {
    /// Whether the message will not change any more.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Streaming)
    }
}

/// What an answer used, in tokens of its model.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Usage {
    /// Read, those from the provider's cache included.
    pub input_tokens: u64,
    /// Written, those of thinking included.
    pub output_tokens: u64,
    /// Read from the provider's cache.
    pub cached_tokens: u64,
    /// Written while thinking.
    pub reasoning_tokens: u64,
    /// Whether the numbers are our estimate, because the provider gave none.
    pub estimated: bool,
}

/// What all answers of a conversation used.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct ConversationUsage {
    /// Read by its models.
    pub input_tokens: u64,
    /// Written by them.
    pub output_tokens: u64,
    /// The price of it all in millionths of a dollar, with its title and what else was made of it; answers whose price is not known
    /// are not in it.
    pub cost_micros: i64,
    /// How many answers have no known price.
    pub unpriced_answers: u64,
}

/// A message: a node of the conversation's tree.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct Message {
    /// Greater than its parent's.
    pub id: MessageId,
    /// Where it belongs.
    pub conversation_id: ConversationId,
    /// What it follows; absent for the first.
    pub parent_id: Option<MessageId>,
    /// Who wrote it.
    pub sender: Sender,
    /// How far it is.
    pub status: MessageStatus,
    /// The text so far.
    pub content: String,
    /// What the model thought before answering, where it says so.
    pub thinking: Option<String>,
    /// The sender's own name for a prompt.
    pub client_id: Option<String>,
    /// The model that answers, as `provider/model`.
    pub model: Option<String>,
    /// Why the model stopped.
    pub finish_reason: Option<FinishReason>,
    /// What went wrong, for a failed or interrupted answer.
    pub error: Option<Problem>,
    /// What the answer used.
    pub usage: Option<Usage>,
    /// The price of the answer in millionths of a dollar, where it is known.
    pub cost_micros: Option<i64>,
    /// What the person should know about the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// The model that was asked first, where the portal's fallback answered in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_from: Option<String>,
    /// The frames of the answer that the stored text reaches.
    pub last_seq: i64,
    /// The messages that follow the same one, this one included, oldest first: other answers, other wordings. Only in a page of a
    /// conversation, and only when there are others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sibling_ids: Vec<MessageId>,
    /// When it was said: sent, or finished.
    pub timestamp: DateTime<Utc>,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
}

/// An answer without its text: what a terminal frame carries, because the text has been sent already.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct AnswerState {
    /// The answer.
    pub id: MessageId,
    /// What it answers.
    pub parent_id: Option<MessageId>,
    /// How it ended.
    pub status: MessageStatus,
    /// The model that answered, as `provider/model`.
    pub model: Option<String>,
    /// Why the model stopped.
    pub finish_reason: Option<FinishReason>,
    /// What it used.
    pub usage: Option<Usage>,
    /// Its price in millionths of a dollar, where it is known.
    pub cost_micros: Option<i64>,
    /// What the person should know about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// The model that was asked first, where the portal's fallback answered in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_from: Option<String>,
    /// When it finished.
    pub timestamp: DateTime<Utc>,
}

impl From<&Message> for AnswerState {
    fn from(message: &Message) -> Self {
        Self {
            id: message.id,
            parent_id: message.parent_id,
            status: message.status,
            model: message.model.clone(),
            finish_reason: message.finish_reason,
            usage: message.usage,
            cost_micros: message.cost_micros,
            notices: message.notices.clone(),
            fallback_from: message.fallback_from.clone(),
            timestamp: message.timestamp,
        }
    }
}
