use domain::{Message, utf16_len};

use crate::cutter::{TEXT_BUDGET, fitting};
use crate::{ServerFrame, SnapshotOf};

/// The most text that is sent over a socket to catch up, in bytes of UTF-8; more is read over HTTP.
pub const SNAPSHOT_LIMIT: usize = 256 * 1024;

/// The frames that tell a stored answer to whoever has it up to `after_seq`: all of its thinking and its text, in parts that fit into
/// a frame. Whoever has everything is told so by one part without text.
pub fn snapshot(answer: &Message, after_seq: i64) -> Vec<ServerFrame> {
    let thinking = answer.thinking.as_deref().unwrap_or_default();
    let part = |of, offset, text: &str, more, refetch| ServerFrame::ReplySnapshot {
        conversation_id: answer.conversation_id,
        message_id: answer.id,
        seq: answer.last_seq,
        of,
        offset,
        text: text.to_owned(),
        more,
        refetch,
    };
    if answer.last_seq <= after_seq {
        return vec![part(SnapshotOf::Text, utf16_len(&answer.content), "", false, false)];
    }
    if answer.content.len() + thinking.len() > SNAPSHOT_LIMIT {
        return vec![part(SnapshotOf::Text, 0, "", false, true)];
    }
    let thinking = parts(thinking).into_iter().filter(|(_, text)| !text.is_empty());
    let thinking = thinking.map(|(offset, text)| (SnapshotOf::Thinking, offset, text));
    let text = parts(&answer.content).into_iter().map(|(offset, text)| (SnapshotOf::Text, offset, text));
    let all: Vec<_> = thinking.chain(text).collect();
    let last = all.len() - 1;
    all.into_iter().enumerate().map(|(at, (of, offset, text))| part(of, offset, text, at < last, false)).collect()
}

/// The text in pieces that fit into a frame, with where each begins in UTF-16 code units; one empty piece of an empty text.
fn parts(text: &str) -> Vec<(usize, &str)> {
    let (mut parts, mut offset, mut rest) = (Vec::new(), 0, text);
    loop {
        let (piece, left) = rest.split_at(fitting(rest, TEXT_BUDGET));
        parts.push((offset, piece));
        if left.is_empty() {
            return parts;
        }
        offset += utf16_len(piece);
        rest = left;
    }
}

#[cfg(test)]
mod tests {
    use domain::{Clock, ConversationId, MessageStatus, Sender};
    use proptest::prelude::*;

    use super::*;

    fn answer(content: String, thinking: Option<String>, last_seq: i64) -> Message {
        let now = Clock::system().now();
        Message {
            id: 2.into(),
            conversation_id: ConversationId::new(&Clock::system()),
            parent_id: Some(1.into()),
            sender: Sender::Assistant,
            status: MessageStatus::Streaming,
            content,
            thinking,
            client_id: None,
            model: None,
            finish_reason: None,
            error: None,
            usage: None,
            cost_micros: None,
            notices: Vec::new(),
            fallback_from: None,
            last_seq,
            sibling_ids: Vec::new(),
            timestamp: now,
            created_at: now,
        }
    }

    /// What a client has that puts the parts together.
    fn together(frames: &[ServerFrame]) -> (String, String) {
        let (mut text, mut thinking) = (String::new(), String::new());
        for (at, frame) in frames.iter().enumerate() {
            assert!(frame.encode().is_ok());
            let ServerFrame::ReplySnapshot { of, offset, text: piece, more, refetch, .. } = frame else {
                panic!("{frame:?}")
            };
            let whole = if *of == SnapshotOf::Text { &mut text } else { &mut thinking };
            assert_eq!((*offset, *more, *refetch), (utf16_len(whole), at + 1 < frames.len(), false));
            whole.push_str(piece);
        }
        (text, thinking)
    }

    #[test]
    fn one_that_has_everything_gets_no_text() {
        let frames = snapshot(&answer("Hello 🙂".to_owned(), None, 3), 3);
        let [ServerFrame::ReplySnapshot { seq: 3, offset: 8, text, more: false, .. }] = frames.as_slice() else {
            panic!("{frames:?}")
        };
        assert_eq!(text, "");
    }

    #[test]
    fn a_very_long_one_is_to_be_read_over_http() {
        let frames = snapshot(&answer("x".repeat(SNAPSHOT_LIMIT), None, 3), 0);
        assert_eq!(together(&frames).0.len(), SNAPSHOT_LIMIT);
        let frames = snapshot(&answer("x".repeat(SNAPSHOT_LIMIT), Some("y".to_owned()), 3), 0);
        assert!(matches!(frames.as_slice(), [ServerFrame::ReplySnapshot { seq: 3, refetch: true, more: false, .. }]));
    }

    proptest! {
        #[test]
        fn parts_joined_are_the_answer(
            text in prop::collection::vec(any::<char>(), 0..400),
            thinking in prop::option::of(prop::collection::vec(any::<char>(), 1..100)),
            times in 1_usize..60,
        ) {
            let long = |chars: Vec<char>| String::from_iter(chars).repeat(times);
            let (text, thinking) = (long(text), thinking.map(long));
            let frames = snapshot(&answer(text.clone(), thinking.clone(), 1), 0);
            prop_assert_eq!(together(&frames), (text, thinking.unwrap_or_default()));
        }
    }
}
