use domain::Clock;
use proptest::prelude::*;

use super::*;

const MILLISECOND: Duration = Duration::from_millis(1);

fn cutter() -> FrameCutter {
    FrameCutter::new(ConversationId::new(&Clock::system()), 7.into())
}

fn text_of(frame: Option<ServerFrame>) -> Option<String> {
    match frame {
        Some(ServerFrame::ReplyDelta { text, .. } | ServerFrame::ReplyThinking { text, .. }) => Some(text),
        _ => None,
    }
}

#[test]
fn the_first_text_is_due_at_once_and_later_text_is_coalesced() {
    let (mut cutter, start) = (cutter(), Instant::now());
    assert_eq!(cutter.wait(start), None);
    cutter.push_text("He");
    assert_eq!(cutter.wait(start), Some(Duration::ZERO));
    assert_eq!(text_of(cutter.cut(start)).as_deref(), Some("He"));
    cutter.push_text("ll");
    cutter.push_text("o");
    assert_eq!(cutter.wait(start + 20 * MILLISECOND), Some(30 * MILLISECOND));
    assert_eq!(cutter.wait(start + 50 * MILLISECOND), Some(Duration::ZERO));
    assert_eq!(text_of(cutter.cut(start + 50 * MILLISECOND)).as_deref(), Some("llo"));
    assert_eq!((cutter.last_seq(), cutter.length()), (2, 5));
}

#[test]
fn after_two_seconds_the_pause_doubles() {
    let (mut cutter, start) = (cutter(), Instant::now());
    cutter.push_text("a");
    cutter.cut(start);
    assert_eq!(cutter.pause(start + 1999 * MILLISECOND), FIRST_PAUSE);
    assert_eq!(cutter.pause(start + 2000 * MILLISECOND), LATER_PAUSE);
}

#[test]
fn the_first_text_after_long_thinking_is_due_at_once_and_is_first_words_again() {
    let (mut cutter, start) = (cutter(), Instant::now());
    cutter.push_thinking("Hm");
    cutter.cut(start);
    let later = start + Duration::from_secs(10);
    cutter.push_thinking(".");
    cutter.cut(later);
    cutter.push_text("Yes");
    assert_eq!(cutter.wait(later + MILLISECOND), Some(Duration::ZERO));
    cutter.cut(later + MILLISECOND);
    assert_eq!(cutter.pause(later + 2 * MILLISECOND), FIRST_PAUSE);
}

#[test]
fn thinking_that_waits_leaves_before_text_that_came_after_it() {
    let (mut cutter, now) = (cutter(), Instant::now());
    cutter.push_thinking("Hm");
    cutter.push_text("Yes");
    assert!(matches!(cutter.cut(now), Some(ServerFrame::ReplyThinking { seq: 1, offset: 0, .. })));
    assert!(matches!(cutter.cut(now), Some(ServerFrame::ReplyDelta { seq: 2, offset: 0, .. })));
    assert_eq!(cutter.cut(now), None);
}

/// Pieces of any characters; many that JSON escapes and many outside the basic plane.
/// Text that is longer in JSON than it is, quotation marks, control characters, characters of three bytes, stays in frames that
/// the gateway takes, and cuts no character.
#[test]
fn case_54_frames_of_escaped_text() {
    for char in ['"', '\u{1}', '\\', '語', '🚀'] {
        let text: String = std::iter::repeat_n(char, 24 * 1024).collect();
        let (mut cutter, now) = (cutter(), Instant::now());
        cutter.push_text(&text);
        let mut assembled = String::new();
        while let Some(frame) = cutter.cut(now) {
            let bytes = frame.encode().expect("it fits").bytes();
            assert!(bytes.len() <= crate::FRAME_LIMIT, "{char:?}: {} bytes", bytes.len());
            assembled.push_str(&text_of(Some(frame)).expect("it is text"));
        }
        assert!(assembled == text, "{char:?}");
    }
}

fn pieces() -> impl Strategy<Value = Vec<(bool, String, u64)>> {
    let piece = prop_oneof![
        4 => any::<String>(),
        1 => "[\u{1}-\u{1f}\"\\\\]{0,9000}",
        1 => "[🙂é€a]{0,9000}",
    ];
    prop::collection::vec((any::<bool>(), piece, 0_u64..400), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_input_and_timing_reassembles_exactly(pieces in pieces()) {
        let mut cutter = cutter();
        let mut now = Instant::now();
        let (mut text, mut thinking) = (String::new(), String::new());
        let mut frames = Vec::new();
        for (is_thinking, piece, pause) in &pieces {
            now += Duration::from_millis(*pause);
            if *is_thinking {
                thinking.push_str(piece);
                cutter.push_thinking(piece);
            } else {
                text.push_str(piece);
                cutter.push_text(piece);
            }
            while cutter.wait(now) == Some(Duration::ZERO) {
                frames.extend(cutter.cut(now));
            }
        }
        while let Some(frame) = cutter.cut(now) {
            frames.push(frame);
        }

        let (mut shown, mut thought) = (String::new(), String::new());
        for (index, frame) in frames.iter().enumerate() {
            prop_assert!(frame.encode().is_ok(), "a frame over the limit");
            let (target, seq, offset, text) = match frame {
                ServerFrame::ReplyDelta { seq, offset, text, .. } => (&mut shown, *seq, *offset, text),
                ServerFrame::ReplyThinking { seq, offset, text, .. } => (&mut thought, *seq, *offset, text),
                other => return Err(TestCaseError::fail(format!("{other:?}"))),
            };
            prop_assert_eq!(seq, i64::try_from(index).unwrap_or_default() + 1);
            prop_assert_eq!(offset, utf16_len(target), "where it begins, as JavaScript counts");
            prop_assert!(!text.is_empty());
            target.push_str(text);
        }
        prop_assert_eq!(utf16_len(&text), cutter.length());
        prop_assert_eq!(shown, text);
        prop_assert_eq!(thought, thinking);
    }

    #[test]
    fn the_length_in_json_is_what_it_takes(char: char) {
        let json = serde_json::to_string(&char).unwrap_or_default();
        prop_assert_eq!(length_in_json(char), json.len() - 2);
    }

    #[test]
    fn after_the_first_text_two_frames_are_never_due_closer_than_the_pause(gaps in prop::collection::vec(0_u64..150, 1..60)) {
        let mut cutter = cutter();
        let mut now = Instant::now();
        let mut last: Option<Instant> = None;
        for gap in gaps {
            now += Duration::from_millis(gap);
            cutter.push_text("word ");
            if cutter.wait(now) == Some(Duration::ZERO) {
                if let Some(last) = last {
                    prop_assert!(now - last >= FIRST_PAUSE);
                }
                cutter.cut(now);
                last = Some(now);
            }
        }
    }
}
