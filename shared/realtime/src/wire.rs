use bytes::Bytes;
use domain::{
    AnswerState, ClientId, ConversationId, Fault, Message, MessageId, MessageStatus, Problem, ProblemCode, utf16_len,
};

use crate::{ECHO_LIMIT, Ended, FRAME_LIMIT, ServerFrame};

/// A frame as it is sent: serialised once, for however many connections, and never over [`FRAME_LIMIT`]. Cheap to clone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WireFrame(Bytes);

impl WireFrame {
    /// The bytes, which are JSON in UTF-8.
    pub fn bytes(&self) -> Bytes {
        self.0.clone()
    }
}

impl ServerFrame {
    /// The frame as it is sent.
    ///
    /// # Errors
    /// [`Fault::TooLarge`] when it is over [`FRAME_LIMIT`].
    pub fn encode(&self) -> Result<WireFrame, Fault> {
        let bytes = serde_json::to_vec(self).map_err(Fault::internal)?;
        if bytes.len() > FRAME_LIMIT { Err(Fault::TooLarge(FRAME_LIMIT)) } else { Ok(WireFrame(bytes.into())) }
    }

    /// The frame that says that a prompt and its answer are stored. Whoever sent a long prompt has it already, and whoever did not
    /// can read it: its text is left out.
    pub fn message_created(prompt: &Message, reply_message_id: MessageId) -> Self {
        let created = |message, truncated| Self::MessageCreated {
            conversation_id: prompt.conversation_id,
            message: Box::new(message),
            truncated,
            reply_message_id,
        };
        let whole = created(prompt.clone(), false);
        // A character can take six bytes in JSON that takes one in the prompt.
        if prompt.content.len() <= ECHO_LIMIT && whole.encode().is_ok() {
            return whole;
        }
        created(Message { content: String::new(), ..prompt.clone() }, true)
    }

    /// The frame that says how an answer ended; `None` while it is being written. `length` is that of its text, in UTF-16 code units.
    pub fn ended(
        conversation_id: ConversationId,
        answer: AnswerState,
        problem: Option<Problem>,
        length: usize,
        last_seq: i64,
    ) -> Option<Self> {
        let frame = match answer.status {
            MessageStatus::Streaming => return None,
            MessageStatus::Complete => Self::ReplyCompleted,
            MessageStatus::Stopped => Self::ReplyStopped,
            MessageStatus::Interrupted => Self::ReplyInterrupted,
            MessageStatus::Failed => {
                let problem =
                    problem.unwrap_or_else(|| Problem::new(ProblemCode::Internal, "The answer failed. Ask again."));
                let (message_id, problem) = (answer.id, Box::new(problem));
                return Some(Self::ReplyFailed { conversation_id, message_id, problem, length, last_seq });
            }
        };
        Some(frame(Ended { conversation_id, message: answer, length, last_seq }))
    }

    /// The frame that says how a stored answer ended; `None` while it is being written.
    pub fn ended_as_stored(answer: &Message) -> Option<Self> {
        let length = utf16_len(&answer.content);
        Self::ended(answer.conversation_id, AnswerState::from(answer), answer.error.clone(), length, answer.last_seq)
    }

    /// The frame that says why a frame of the client's was refused.
    pub fn error(conversation_id: Option<ConversationId>, problem: Problem, client_id: Option<ClientId>) -> Self {
        Self::Error { conversation_id, problem: Box::new(problem), client_id: client_id.map(String::from) }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Clock, Sender};

    use super::*;

    fn prompt(content: String) -> Message {
        let now = Clock::fixed(chrono::DateTime::UNIX_EPOCH).now();
        Message {
            id: 1.into(),
            conversation_id: ConversationId::new(&Clock::system()),
            parent_id: None,
            sender: Sender::User,
            status: MessageStatus::Complete,
            content,
            thinking: None,
            client_id: Some("c".to_owned()),
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
        }
    }

    fn echoed(content: String) -> (usize, bool) {
        let frame = ServerFrame::message_created(&prompt(content), 2.into());
        assert!(frame.encode().is_ok());
        match frame {
            ServerFrame::MessageCreated { message, truncated, .. } => (message.content.len(), truncated),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_prompt_is_echoed_up_to_the_limit() {
        assert_eq!(echoed("x".repeat(ECHO_LIMIT)), (ECHO_LIMIT, false));
        assert_eq!(echoed("x".repeat(ECHO_LIMIT + 1)), (0, true));
    }

    #[test]
    fn a_short_prompt_that_is_long_in_json_is_not_echoed() {
        assert_eq!(echoed("\u{1}".repeat(ECHO_LIMIT)), (0, true));
    }

    #[test]
    fn a_frame_over_the_limit_is_never_made() {
        let problem = Problem::new(ProblemCode::Invalid, "x".repeat(FRAME_LIMIT));
        assert!(matches!(ServerFrame::error(None, problem, None).encode(), Err(Fault::TooLarge(FRAME_LIMIT))));
    }
}
