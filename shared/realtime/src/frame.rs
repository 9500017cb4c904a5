//! What goes over the WebSocket, in both directions (protocol version 1, `docs/protocol.md`).

use domain::{AnswerState, ConversationId, Message, MessageId, Notice, Problem};
use serde::{Deserialize, Serialize};

/// The most that a frame may be in either direction, in bytes of UTF-8 as serialised. API Gateway closes the socket (1009) at 32 KiB.
pub const FRAME_LIMIT: usize = 24 * 1024;

/// A prompt longer than this is left out of `message.created`, in bytes of UTF-8.
pub const ECHO_LIMIT: usize = 8 * 1024;

/// What a client may ask for, told apart by `action`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "action", rename_all = "camelCase", deny_unknown_fields)]
pub enum ClientFrame {
    /// Say something; answered by `message.created` or `error`.
    SendMessage {
        /// The sender's own name for the message; sending it again returns the first result.
        client_id: String,
        /// The prompt.
        content: String,
        /// The model that is to answer, instead of the conversation's.
        #[serde(default)]
        model: Option<String>,
    },
    /// End an answer; answered by its terminal frame, which all who watch get.
    Stop {
        /// The answer.
        message_id: MessageId,
    },
    /// Go on reading an answer; answered by `reply.snapshot`, and by what comes then.
    Resume {
        /// The answer; without it, the last one of the branch that is shown.
        #[serde(default)]
        message_id: Option<MessageId>,
        /// The last frame that the client has; 0 is none.
        #[serde(default)]
        after_seq: Option<i64>,
    },
    /// Is anybody there; answered by `pong`.
    Ping {},
}

/// What the server says, told apart by `type`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "type")]
pub enum ServerFrame {
    /// A prompt and its empty answer are stored.
    #[serde(rename = "message.created")]
    MessageCreated {
        /// Where.
        conversation_id: ConversationId,
        /// The prompt; `content` is empty and `truncated` set when it is over [`ECHO_LIMIT`].
        message: Box<Message>,
        /// Whether the prompt's text was left out.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        truncated: bool,
        /// The answer that will grow.
        reply_message_id: MessageId,
    },
    /// A model was asked.
    #[serde(rename = "reply.started")]
    ReplyStarted {
        /// Where.
        conversation_id: ConversationId,
        /// The answer.
        message_id: MessageId,
        /// The model, as `provider/model`.
        model: String,
    },
    /// The answer grew.
    #[serde(rename = "reply.delta")]
    ReplyDelta {
        /// Where.
        conversation_id: ConversationId,
        /// The answer.
        message_id: MessageId,
        /// Counts the frames of this answer from 1.
        seq: i64,
        /// Where `text` begins in the whole answer, in UTF-16 code units.
        offset: usize,
        /// What was added.
        text: String,
    },
    /// The model thought.
    #[serde(rename = "reply.thinking")]
    ReplyThinking {
        /// Where.
        conversation_id: ConversationId,
        /// The answer.
        message_id: MessageId,
        /// Counts the frames of this answer from 1.
        seq: i64,
        /// Where `text` begins in the whole thinking, in UTF-16 code units.
        offset: usize,
        /// What was added.
        text: String,
    },
    /// Something the person should know about this answer.
    #[serde(rename = "reply.notice")]
    ReplyNotice {
        /// Where.
        conversation_id: ConversationId,
        /// The answer.
        message_id: MessageId,
        /// What.
        notice: Notice,
        /// The model that did not answer, for `fallback`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// The model that is asked in its place, for `fallback`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// A part of an answer as it is stored, for whoever asked to resume.
    #[serde(rename = "reply.snapshot")]
    ReplySnapshot {
        /// Where.
        conversation_id: ConversationId,
        /// The answer.
        message_id: MessageId,
        /// The frame that the whole snapshot reaches; the next one that counts has the number after it.
        seq: i64,
        /// Of what it is a part.
        #[serde(default, skip_serializing_if = "SnapshotOf::is_text")]
        of: SnapshotOf,
        /// Where `text` begins in the whole, in UTF-16 code units.
        offset: usize,
        /// The part.
        text: String,
        /// Whether another part follows.
        more: bool,
        /// Whether the answer is too long for this and has to be read over HTTP.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        refetch: bool,
    },
    /// The answer is whole and stored.
    #[serde(rename = "reply.completed")]
    ReplyCompleted(Ended),
    /// The answer was stopped; what there is of it is stored.
    #[serde(rename = "reply.stopped")]
    ReplyStopped(Ended),
    /// The answer was cut off; what there is of it is stored.
    #[serde(rename = "reply.interrupted")]
    ReplyInterrupted(Ended),
    /// The model could not answer.
    #[serde(rename = "reply.failed")]
    ReplyFailed {
        /// Where.
        conversation_id: ConversationId,
        /// The answer.
        message_id: MessageId,
        /// Why, and what to do.
        problem: Box<Problem>,
        /// The text so far, in UTF-16 code units.
        length: usize,
        /// The frames of this answer.
        last_seq: i64,
    },
    /// Fields of the conversation changed; only those are there.
    #[serde(rename = "conversation.updated")]
    ConversationUpdated {
        /// Which.
        conversation_id: ConversationId,
        /// The members of `Conversation` that changed, with their new values.
        #[serde(flatten)]
        changed: serde_json::Map<String, serde_json::Value>,
    },
    /// Answers `ping`.
    #[serde(rename = "pong")]
    Pong {
        /// Where the socket watches; absent on the account's socket.
        #[serde(skip_serializing_if = "Option::is_none")]
        conversation_id: Option<ConversationId>,
    },
    /// A frame of the client's was refused; the socket stays open.
    #[serde(rename = "error")]
    Error {
        /// Where the socket watches; absent on the account's socket.
        #[serde(skip_serializing_if = "Option::is_none")]
        conversation_id: Option<ConversationId>,
        /// Why.
        problem: Box<Problem>,
        /// The prompt it is about, where the frame named one.
        #[serde(skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
    },
}

/// What a part of a snapshot belongs to.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotOf {
    /// The answer's text.
    #[default]
    Text,
    /// What the model thought.
    Thinking,
}

impl SnapshotOf {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    const fn is_text(&self) -> bool {
        matches!(self, Self::Text)
    }
}

/// How an answer ended.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Ended {
    /// Where.
    pub conversation_id: ConversationId,
    /// The answer, without its text.
    pub message: AnswerState,
    /// The whole text, in UTF-16 code units: a client that has another length reads the message again.
    pub length: usize,
    /// The frames of this answer.
    pub last_seq: i64,
}
