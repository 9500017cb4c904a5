//! What holds of every stream, good or bad: garbage made of everything that may stand in one is the fuzzing of the decoders.

use proptest::prelude::*;
use testkit::peer::FIXTURES;

use super::*;

/// What may stand in a stream, in any order.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "data: ",
        "data:",
        "event: error\n",
        "event: message_delta\n",
        ": ping\n",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "[DONE]",
        "{",
        "}",
        "[",
        "\"",
        "\\ud83d",
        "\u{feff}",
        "\0",
        "<think>",
        "</think>",
        "{\"choices\":[{\"delta\":{\"content\":\"é👩‍🚀\"}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"<think>hm\"}}]}",
        "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}",
        "{\"error\":{\"message\":\"x\"}}",
        "{\"usage\":{\"prompt_tokens\":1}}",
        "{\"choices\":[{\"delta\":{\"reasoning\":\"\\u0000\"}}]}",
        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"é\\ud83d\"}}",
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}",
        "{\"type\":\"message_stop\"}",
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"é\"},{\"text\":\"hm\",\"thought\":true}]}}]}",
        "{\"candidates\":[{\"finishReason\":\"STOP\"}]}",
        "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}",
    ]);
    let any = prop_oneof![6 => known.prop_map(|text| text.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..8)];
    prop::collection::vec(any, 0..40).prop_map(|pieces| pieces.concat())
}

/// What holds of anything that was decoded.
fn check((events, outcome): &Outcome) -> Result<(), TestCaseError> {
    let finished = events.iter().filter(|event| matches!(event, Event::Finished(_))).count();
    prop_assert_eq!(finished, usize::from(outcome.is_ok()), "one end, and only of what is whole");
    prop_assert!(outcome.is_err() || matches!(events.last(), Some(Event::Finished(_))));
    prop_assert!(events.iter().filter(|event| matches!(event, Event::Usage(_))).count() <= 1);
    for event in events {
        if let Event::Text(text) | Event::Thinking(text) = event {
            prop_assert!(!text.is_empty() && !text.contains('\0'));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn garbage_is_the_same_however_it_is_cut(
        body in pieces(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
        content_type in prop::sample::select(vec![STREAM, "application/json", ""]),
        dialect in prop::sample::select(Dialect::ALL.to_vec()),
    ) {
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(body.len() + 1)).chain([0, body.len()]).collect();
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|cut| &body[cut[0]..cut[1]]);
        let whole = decode_pieces(dialect, content_type, [body.as_slice()]);
        prop_assert_eq!(decode_pieces(dialect, content_type, pieces), whole.clone());
        check(&whole)?;
    }

    #[test]
    fn a_good_stream_that_was_damaged_ends_in_one_way(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        removed in 0_usize..30,
        added in prop::collection::vec(any::<u8>(), 0..6),
    ) {
        let fixture = &FIXTURES[which.index(FIXTURES.len())];
        let mut body = fixture.body.as_bytes().to_vec();
        let at = at.index(body.len());
        let end = (at + removed).min(body.len());
        body.splice(at..end, added);
        check(&decode(fixture.dialect, &body))?;
    }
}
