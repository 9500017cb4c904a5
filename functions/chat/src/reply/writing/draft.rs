use realtime::ServerFrame;
use store::Growth;

/// What was cut into frames and is not stored yet, so that what is stored always ends where a frame ends.
#[derive(Debug, Default)]
pub(super) struct Draft {
    grown: Growth,
}

impl Draft {
    pub(super) fn add(&mut self, frame: &ServerFrame) {
        match frame {
            ServerFrame::ReplyDelta { text, .. } => self.grown.text.push_str(text),
            ServerFrame::ReplyThinking { text, .. } => self.grown.thinking.push_str(text),
            _ => {}
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.grown.text.is_empty() && self.grown.thinking.is_empty()
    }

    /// What is to be stored now; the draft begins after it.
    pub(super) fn take(&mut self, last_seq: i64) -> Growth {
        let rest = Growth {
            text_at: self.grown.text_at + code_points(&self.grown.text),
            thinking_at: self.grown.thinking_at + code_points(&self.grown.thinking),
            ..Growth::default()
        };
        Growth { last_seq, ..std::mem::replace(&mut self.grown, rest) }
    }

    /// What could not be stored: it comes before what was added meanwhile.
    pub(super) fn put_back(&mut self, mut grown: Growth) {
        grown.text.push_str(&self.grown.text);
        grown.thinking.push_str(&self.grown.thinking);
        self.grown = grown;
    }
}

fn code_points(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delta(text: &str) -> ServerFrame {
        let conversation_id = "01890a5d-ac96-774b-bcce-b302099a8057".parse().expect("a UUID");
        ServerFrame::ReplyDelta { conversation_id, message_id: 1.into(), seq: 1, offset: 0, text: text.to_owned() }
    }

    #[test]
    fn places_are_counted_in_code_points() {
        let mut draft = Draft::default();
        draft.add(&delta("é🙂"));
        assert_eq!(draft.take(1), Growth { text: "é🙂".to_owned(), last_seq: 1, ..Growth::default() });
        draft.add(&delta("!"));
        assert_eq!(draft.take(2), Growth { text: "!".to_owned(), text_at: 2, last_seq: 2, ..Growth::default() });
        assert!(draft.is_empty());
    }

    #[test]
    fn what_could_not_be_stored_is_stored_with_what_came_after_it() {
        let mut draft = Draft::default();
        draft.add(&delta("one "));
        draft.take(1);
        draft.add(&delta("two "));
        let lost = draft.take(2);
        draft.add(&delta("three"));
        draft.put_back(lost);
        assert_eq!(
            draft.take(3),
            Growth { text: "two three".to_owned(), text_at: 4, last_seq: 3, ..Growth::default() }
        );
        assert_eq!(draft.take(3).text_at, 13);
    }
}
