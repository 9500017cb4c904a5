//! Rows as the queries give them, and what they are in the domain. A value that no check of the schema lets in is a defect.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use domain::{AnswerState, Conversation, ConversationItem, Fault, Message, MessageId, Notice, Problem, Usage};
use sqlx::types::Json;
use uuid::Uuid;

fn closed<T: FromStr<Err = String>>(value: &str) -> Result<T, Fault> {
    value.parse().map_err(Fault::internal)
}

fn closed_option<T: FromStr<Err = String>>(value: Option<&str>) -> Result<Option<T>, Fault> {
    value.map(closed).transpose()
}

fn notices(values: &[String]) -> Result<Vec<Notice>, Fault> {
    values.iter().map(|notice| closed(notice)).collect()
}

pub(crate) struct ConversationRow {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) title: Option<String>,
    pub(crate) title_by: String,
    pub(crate) status: String,
    pub(crate) summary: Option<String>,
    pub(crate) summary_status: String,
    pub(crate) topics: Vec<String>,
    pub(crate) sentiment: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) instructions: Option<String>,
    pub(crate) leaf_id: Option<i64>,
    pub(crate) start_timestamp: Option<DateTime<Utc>>,
    pub(crate) end_timestamp: Option<DateTime<Utc>>,
    pub(crate) archived_at: Option<DateTime<Utc>>,
    pub(crate) pinned_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) version: i64,
}

impl TryFrom<ConversationRow> for Conversation {
    type Error = Fault;

    fn try_from(row: ConversationRow) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id.into(),
            kind: closed(&row.kind)?,
            title: row.title,
            title_by: closed(&row.title_by)?,
            status: closed(&row.status)?,
            summary: row.summary,
            summary_status: closed(&row.summary_status)?,
            topics: row.topics,
            sentiment: closed_option(row.sentiment.as_deref())?,
            model: row.model,
            instructions: row.instructions,
            leaf_id: row.leaf_id.map(MessageId::from),
            start_timestamp: row.start_timestamp,
            end_timestamp: row.end_timestamp,
            archived_at: row.archived_at,
            pinned_at: row.pinned_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

pub(crate) struct ConversationItemRow {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) title: Option<String>,
    pub(crate) status: String,
    pub(crate) summary: Option<String>,
    pub(crate) summary_status: String,
    pub(crate) topics: Vec<String>,
    pub(crate) model: Option<String>,
    pub(crate) archived_at: Option<DateTime<Utc>>,
    pub(crate) pinned_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) version: i64,
}

impl TryFrom<ConversationItemRow> for ConversationItem {
    type Error = Fault;

    fn try_from(row: ConversationItemRow) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id.into(),
            kind: closed(&row.kind)?,
            title: row.title,
            status: closed(&row.status)?,
            summary: row.summary,
            summary_status: closed(&row.summary_status)?,
            topics: row.topics,
            model: row.model,
            archived_at: row.archived_at,
            pinned_at: row.pinned_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

pub(crate) struct MessageRow {
    pub(crate) id: i64,
    pub(crate) conversation_id: Uuid,
    pub(crate) parent_id: Option<i64>,
    pub(crate) sender: String,
    pub(crate) status: String,
    pub(crate) content: String,
    pub(crate) thinking: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) finish_reason: Option<String>,
    pub(crate) error: Option<Json<Problem>>,
    pub(crate) usage: Option<Json<Usage>>,
    pub(crate) cost_micros: Option<i64>,
    pub(crate) notices: Vec<String>,
    pub(crate) fallback_from: Option<String>,
    pub(crate) last_seq: i64,
    pub(crate) timestamp: DateTime<Utc>,
    pub(crate) created_at: DateTime<Utc>,
}

impl TryFrom<MessageRow> for Message {
    type Error = Fault;

    fn try_from(row: MessageRow) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id.into(),
            conversation_id: row.conversation_id.into(),
            parent_id: row.parent_id.map(MessageId::from),
            sender: closed(&row.sender)?,
            status: closed(&row.status)?,
            content: row.content,
            thinking: row.thinking,
            client_id: row.client_id,
            model: row.model,
            finish_reason: closed_option(row.finish_reason.as_deref())?,
            error: row.error.map(|error| error.0),
            usage: row.usage.map(|usage| usage.0),
            cost_micros: row.cost_micros,
            notices: notices(&row.notices)?,
            fallback_from: row.fallback_from,
            last_seq: row.last_seq,
            sibling_ids: Vec::new(),
            timestamp: row.timestamp,
            created_at: row.created_at,
        })
    }
}

pub(crate) struct AnswerRow {
    pub(crate) id: i64,
    pub(crate) parent_id: Option<i64>,
    pub(crate) status: String,
    pub(crate) model: Option<String>,
    pub(crate) finish_reason: Option<String>,
    pub(crate) usage: Option<Json<Usage>>,
    pub(crate) cost_micros: Option<i64>,
    pub(crate) notices: Vec<String>,
    pub(crate) fallback_from: Option<String>,
    pub(crate) timestamp: DateTime<Utc>,
}

impl TryFrom<AnswerRow> for AnswerState {
    type Error = Fault;

    fn try_from(row: AnswerRow) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id.into(),
            parent_id: row.parent_id.map(MessageId::from),
            status: closed(&row.status)?,
            model: row.model,
            finish_reason: closed_option(row.finish_reason.as_deref())?,
            usage: row.usage.map(|usage| usage.0),
            cost_micros: row.cost_micros,
            notices: notices(&row.notices)?,
            fallback_from: row.fallback_from,
            timestamp: row.timestamp,
        })
    }
}
