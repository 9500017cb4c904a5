use std::collections::VecDeque;
use std::time::Duration;

use domain::{ConversationId, MessageId, utf16_len};
use tokio::time::Instant;

use crate::{FRAME_LIMIT, ServerFrame};

/// The pause between two frames while the reader looks at the first words.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The pause afterwards.
const LATER_PAUSE: Duration = Duration::from_millis(100);
/// How long the short pause holds.
const FIRST_WORDS: Duration = Duration::from_secs(2);

/// What a text may take of a frame, as serialised. The rest is for the frame's other members, whose values have bounded lengths.
pub(crate) const TEXT_BUDGET: usize = FRAME_LIMIT - 512;

/// Cuts a growing answer into frames: the first text at once, later text coalesced; no frame over [`FRAME_LIMIT`], no character
/// cut. It is pure: it is told the time, and sends nothing.
#[derive(Debug)]
pub struct FrameCutter {
    conversation_id: ConversationId,
    message_id: MessageId,
    seq: i64,
    /// What was not cut yet, in the order it came; neighbours differ in kind.
    pending: VecDeque<(Kind, String)>,
    text: Progress,
    thinking: Progress,
    /// When the first frame was cut, or the first one with text.
    began: Option<Instant>,
    last_cut: Option<Instant>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Text,
    Thinking,
}

/// Lengths in UTF-16 code units.
#[derive(Debug, Default)]
struct Progress {
    /// Handed to the cutter.
    length: usize,
    /// Cut into frames.
    offset: usize,
}

impl FrameCutter {
    /// A cutter for one answer, of which there is nothing yet.
    pub fn new(conversation_id: ConversationId, message_id: MessageId) -> Self {
        Self {
            conversation_id,
            message_id,
            seq: 0,
            pending: VecDeque::new(),
            text: Progress::default(),
            thinking: Progress::default(),
            began: None,
            last_cut: None,
        }
    }

    /// Adds text of the answer.
    pub fn push_text(&mut self, text: &str) {
        self.text.length += utf16_len(text);
        self.push(Kind::Text, text);
    }

    /// Adds what the model thought.
    pub fn push_thinking(&mut self, text: &str) {
        self.thinking.length += utf16_len(text);
        self.push(Kind::Thinking, text);
    }

    /// How long until the next frame is due; `None` when there is nothing to cut.
    pub fn wait(&self, now: Instant) -> Option<Duration> {
        if self.pending.is_empty() {
            return None;
        }
        let first_text = self.text.offset == 0 && self.text.length > 0;
        match self.last_cut {
            Some(last_cut) if !first_text => Some((last_cut + self.pause(now)).saturating_duration_since(now)),
            _ => Some(Duration::ZERO),
        }
    }

    /// Cuts the next frame, due or not; `None` when there is nothing to cut.
    pub fn cut(&mut self, now: Instant) -> Option<ServerFrame> {
        let (kind, mut text) = self.pending.pop_front()?;
        let end = fitting(&text, TEXT_BUDGET);
        if end < text.len() {
            let rest = text.split_off(end);
            self.pending.push_front((kind, rest));
        }
        if self.began.is_none() || (kind == Kind::Text && self.text.offset == 0) {
            self.began = Some(now);
        }
        self.last_cut = Some(now);
        self.seq += 1;
        let (conversation_id, message_id, seq) = (self.conversation_id, self.message_id, self.seq);
        let progress = match kind {
            Kind::Text => &mut self.text,
            Kind::Thinking => &mut self.thinking,
        };
        let offset = progress.offset;
        progress.offset += utf16_len(&text);
        Some(match kind {
            Kind::Text => ServerFrame::ReplyDelta { conversation_id, message_id, seq, offset, text },
            Kind::Thinking => ServerFrame::ReplyThinking { conversation_id, message_id, seq, offset, text },
        })
    }

    /// The least time between two frames, at this time.
    pub fn pause(&self, now: Instant) -> Duration {
        match self.began {
            Some(began) if now.saturating_duration_since(began) >= FIRST_WORDS => LATER_PAUSE,
            _ => FIRST_PAUSE,
        }
    }

    /// How many frames were cut.
    pub const fn last_seq(&self) -> i64 {
        self.seq
    }

    /// The length of the whole text so far, cut or not, in UTF-16 code units.
    pub const fn length(&self) -> usize {
        self.text.length
    }

    fn push(&mut self, kind: Kind, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.pending.back_mut() {
            Some((last, pending)) if *last == kind => pending.push_str(text),
            _ => self.pending.push_back((kind, text.to_owned())),
        }
    }
}

/// Where the longest prefix ends that takes no more than this of a frame.
pub(crate) fn fitting(text: &str, mut budget: usize) -> usize {
    for (at, char) in text.char_indices() {
        match budget.checked_sub(length_in_json(char)) {
            Some(left) => budget = left,
            None => return at,
        }
    }
    text.len()
}

/// The bytes of a character inside a JSON string (RFC 8259, section 7).
const fn length_in_json(char: char) -> usize {
    match char {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => char.len_utf8(),
    }
}

#[cfg(test)]
mod tests;
