use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::codec::{Decoder, Format};

type Outcome = (Vec<Event>, Result<(), LlmErrorKind>);

/// As OpenAI streams it.
const GOOD: &str = r#"data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null,"obfuscation":"x9"}

data: {"id":"c1","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}

data: {"id":"c1","choices":[{"index":0,"delta":{"content":"lo 👩‍🚀"},"finish_reason":null}]}

data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

data: {"id":"c1","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":1}}}

data: [DONE]

"#;

fn good() -> Outcome {
    let usage = Usage { input_tokens: 9, output_tokens: 2, cached_tokens: 4, reasoning_tokens: 1, estimated: false };
    let events = vec![text("Hel"), text("lo 👩‍🚀"), Event::Usage(usage), Event::Finished(FinishReason::Stop)];
    (events, Ok(()))
}

fn text(text: &str) -> Event {
    Event::Text(text.to_owned())
}

fn thinking(text: &str) -> Event {
    Event::Thinking(text.to_owned())
}

const STOP: Event = Event::Finished(FinishReason::Stop);

/// Feeds these pieces as the loop does.
fn decode_pieces<'a>(content_type: &str, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut events = Vec::new();
    let outcome = (|| {
        let mut decoder = Decoder::new(Format::OpenAiChat, Some(content_type))?;
        for piece in pieces {
            if decoder.feed(&Bytes::copy_from_slice(piece), &mut events)? == Progress::Done {
                return Ok(());
            }
        }
        decoder.end(&mut events)
    })();
    (events, outcome)
}

fn decode(body: &str) -> Outcome {
    decode_pieces("text/event-stream", [body.as_bytes()])
}

/// A stream of these chunks' choices, without an end.
fn stream_of(choices: &[&str]) -> String {
    choices.iter().flat_map(|choice| ["data: {\"choices\":[", choice, "]}\n\n"]).collect()
}

const FINISH: &str = r#"{"index":0,"delta":{},"finish_reason":"stop"}"#;

#[test]
fn a_good_stream_is_the_same_however_it_is_cut() {
    assert_eq!(decode(GOOD), good());
    let body = GOOD.as_bytes();
    for at in 0..=body.len() {
        let (before, after) = body.split_at(at);
        assert_eq!(decode_pieces("text/event-stream", [before, after]), good(), "cut at {at}");
    }
    assert_eq!(decode_pieces("text/event-stream", body.chunks(1)), good());
}

#[test]
fn every_form_of_the_framing_is_read() {
    let windows = GOOD.replace('\n', "\r\n");
    for at in 0..=windows.len() {
        let (before, after) = windows.as_bytes().split_at(at);
        assert_eq!(decode_pieces("text/event-stream; charset=utf-8", [before, after]), good(), "cut at {at}");
    }
    assert_eq!(decode(&GOOD.replace('\n', "\r")), good());
    assert_eq!(decode(&format!("\u{feff}{GOOD}")), good());
    assert_eq!(decode(&GOOD.replace("data: ", "data:")), good());
    assert_eq!(
        decode(&GOOD.replace("data: ", ": OPENROUTER PROCESSING\n\nid: 7\nretry: 10\nevent: message\ndata: ")),
        good()
    );
    assert_eq!(decode(GOOD.trim_end()), good());
    assert_eq!(decode_pieces("", [GOOD.as_bytes()]), good());
}

#[test]
fn an_answer_is_whole_when_the_model_says_why_it_stopped() {
    let without_done = GOOD.replace("data: [DONE]\n\n", "");
    assert_eq!(decode(&without_done), good());
    let after_done = format!("{GOOD}{}", stream_of(&[r#"{"delta":{"content":"more"}}"#]));
    assert_eq!(decode(&after_done), good());
}

#[test]
fn the_end_of_the_stream_alone_is_a_truncation() {
    let cut = stream_of(&[r#"{"delta":{"content":"Hel"}}"#]);
    assert_eq!(decode(&cut), (vec![text("Hel")], Err(LlmErrorKind::Truncated)));
    assert_eq!(decode(&format!("{cut}data: [DONE]\n\n")), (vec![text("Hel")], Err(LlmErrorKind::Truncated)));
    for nothing in ["", "data: [DONE]\n\n", ": ping\n\n", "data:\n\n"] {
        assert_eq!(decode(nothing), (vec![], Err(LlmErrorKind::Truncated)), "{nothing:?}");
    }
}

#[test]
fn reasoning_is_thinking_under_both_of_its_names() {
    for said in [
        r#"{"delta":{"reasoning_content":"hm"}}"#,
        r#"{"delta":{"reasoning":"hm"}}"#,
        r#"{"delta":{"reasoning":"hm","reasoning_content":"hm"}}"#,
    ] {
        let body = stream_of(&[said, r#"{"delta":{"content":"yes"}}"#, FINISH]);
        assert_eq!(decode(&body), (vec![thinking("hm"), text("yes"), STOP], Ok(())), "{said}");
    }
}

#[test]
fn what_servers_leave_out_or_add_changes_nothing() {
    for odd in [
        r#"{"index":0,"delta":{"role":"assistant"},"logprobs":null}"#,
        r#"{"index":0}"#,
        r#"{"delta":null,"finish_reason":""}"#,
        r#"{"delta":{"content":null}}"#,
        r#"{"delta":{"content":7}}"#,
        r#"{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}}"#,
        r#"{"index":1,"delta":{"content":"another answer"},"finish_reason":"stop"}"#,
    ] {
        let body = stream_of(&[odd, r#"{"delta":{"content":[{"type":"text","text":"yes"}]}}"#, FINISH]);
        assert_eq!(decode(&body), (vec![text("yes"), STOP], Ok(())), "{odd}");
    }
    let filters = "data: {\"choices\":[],\"prompt_filter_results\":[{}],\"error\":{}}\n\n";
    assert_eq!(decode(&format!("{filters}{GOOD}")), good());
    assert_eq!(decode(&format!("data: {{\"object\":\"x\"}}\n\n{GOOD}")), good());
}

#[test]
fn cve_2025_64496_an_event_of_the_providers_own_does_nothing() {
    let said = stream_of(&[r#"{"delta":{"content":"yes"}}"#, FINISH]);
    let execute = "event: execute\ndata: {\"data\":{\"code\":\"alert(1)\"}}\n\n";
    assert_eq!(decode(&format!("{execute}{said}")), decode(&said));
}

#[test]
fn usage_on_every_chunk_is_not_summed() {
    let chunk = |tokens: u32| {
        format!("data: {{\"choices\":[],\"usage\":{{\"prompt_tokens\":5,\"completion_tokens\":{tokens}}}}}\n\n")
    };
    let body = format!("{}{}{}", chunk(1), stream_of(&[FINISH]), chunk(2));
    let usage = Usage { input_tokens: 5, output_tokens: 2, ..Usage::default() };
    assert_eq!(decode(&body), (vec![Event::Usage(usage), STOP], Ok(())));
    let garbage = stream_of(&[FINISH]).replace("{\"choices\"", "{\"usage\":{\"prompt_tokens\":-1},\"choices\"");
    assert_eq!(decode(&garbage), (vec![STOP], Ok(())));
    let cut = (
        vec![Event::Usage(Usage { input_tokens: 5, output_tokens: 1, ..Usage::default() })],
        Err(LlmErrorKind::Truncated),
    );
    assert_eq!(decode(&chunk(1)), cut, "what was used is known although the answer is not whole");
}

#[test]
fn every_reason_to_stop_is_told() {
    for (reason, finish) in [
        ("stop", FinishReason::Stop),
        ("length", FinishReason::Length),
        ("content_filter", FinishReason::ContentFilter),
        ("tool_calls", FinishReason::Other),
        ("a reason of tomorrow", FinishReason::Other),
    ] {
        let end = format!(r#"{{"delta":{{}},"finish_reason":"{reason}"}}"#);
        let body = stream_of(&[r#"{"delta":{"content":"yes"}}"#, &end]);
        assert_eq!(decode(&body), (vec![text("yes"), Event::Finished(finish)], Ok(())), "{reason}");
    }
    let refused = stream_of(&[r#"{"delta":{"refusal":"No."}}"#, FINISH]);
    assert_eq!(decode(&refused), (vec![text("No."), Event::Finished(FinishReason::Refusal)], Ok(())));
}

#[test]
fn a_limit_reached_before_the_first_word_is_an_error() {
    let body = stream_of(&[r#"{"delta":{"reasoning":"hm"}}"#, r#"{"delta":{},"finish_reason":"length"}"#]);
    assert_eq!(decode(&body), (vec![thinking("hm")], Err(LlmErrorKind::NothingWithinLimit)));
}

#[test]
fn an_error_in_the_stream_is_an_error() {
    let before = stream_of(&[r#"{"delta":{"content":"Hel"}}"#]);
    for (error, kind) in [
        (r#"data: {"error":{"message":"…","type":"server_error","code":null}}"#, LlmErrorKind::ProviderDown),
        ("event: error\ndata: {\"error\":{\"message\":\"x\"},\"message\":\"x\"}", LlmErrorKind::ProviderDown),
        ("event: error\ndata: {\"message\":\"the context size is too small\"}", LlmErrorKind::ContextTooLong),
        ("event: error\ndata: not even JSON", LlmErrorKind::ProviderDown),
        (r#"data: {"error":"No models loaded."}"#, LlmErrorKind::ModelNotFound),
        (r#"data: {"error":{"code":429},"choices":[{"delta":{},"finish_reason":"error"}]}"#, LlmErrorKind::RateLimited),
        (r#"data: {"choices":[{"delta":{},"finish_reason":"error"}]}"#, LlmErrorKind::ProviderDown),
        (r#"data: [{"error":{"message":"x","code":503}}]"#, LlmErrorKind::ProviderDown),
        ("data: {\"choices\":[{\"del", LlmErrorKind::NotUnderstood),
        ("data: <html>", LlmErrorKind::NotUnderstood),
    ] {
        assert_eq!(decode(&format!("{error}\n\n{GOOD}")), (vec![], Err(kind)), "{error}");
        assert_eq!(decode(&format!("{before}{error}\n\n")), (vec![text("Hel")], Err(kind)), "{error}");
    }
}

#[test]
fn a_body_that_is_no_stream_is_read_for_what_it_is() {
    let error = r#"{"error":{"message":"x","code":"context_length_exceeded"}}"#;
    for content_type in ["application/json", "text/event-stream"] {
        assert_eq!(decode_pieces(content_type, [error.as_bytes()]), (vec![], Err(LlmErrorKind::ContextTooLong)));
    }
    let whole = r#"{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},
        "finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#;
    let usage = Usage { input_tokens: 1, output_tokens: 1, ..Usage::default() };
    let read = (vec![text("Hello"), Event::Usage(usage), STOP], Ok(()));
    assert_eq!(decode_pieces("Application/JSON; charset=utf-8", whole.as_bytes().chunks(3)), read);
    for (content_type, body) in [
        ("text/html", "<html>"),
        ("text/event-stream", "<html>\n<body>Bad Gateway</body>"),
        ("application/json", "<html>"),
        ("application/json", ""),
        ("application/octet-stream", GOOD),
    ] {
        assert_eq!(
            decode_pieces(content_type, [body.as_bytes()]),
            (vec![], Err(LlmErrorKind::NotUnderstood)),
            "{body}"
        );
    }
}

#[test]
fn half_a_surrogate_pair_and_nul_become_the_replacement_character() {
    let body = stream_of(&[r#"{"delta":{"content":"a\ud83d"}}"#, r#"{"delta":{"content":"\ude00b\u0000"}}"#, FINISH]);
    assert_eq!(decode(&body), (vec![text("a\u{fffd}"), text("\u{fffd}b\u{fffd}"), STOP], Ok(())));
    let raw = stream_of(&[FINISH]).replace("data: ", "data: \0");
    assert_eq!(decode(&raw).1, Err(LlmErrorKind::NotUnderstood));
}

#[test]
fn bytes_that_are_no_text_are_an_error_at_once() {
    let body = [b"data: \xff\n\n".as_slice(), GOOD.as_bytes()].concat();
    assert_eq!(decode_pieces("text/event-stream", [body.as_slice()]), (vec![], Err(LlmErrorKind::NotUnderstood)));
}

#[test]
fn more_than_an_event_or_an_answer_may_hold_is_an_error() {
    let line = format!("data: {}", "x".repeat(1024 * 1024 + 1));
    for size in [4 * 1024, line.len() + 2] {
        let body = format!("{line}\n\n");
        assert_eq!(
            decode_pieces("text/event-stream", body.as_bytes().chunks(size)),
            (vec![], Err(LlmErrorKind::NotUnderstood))
        );
    }
    let piece = stream_of(&[&format!(r#"{{"delta":{{"content":"{}"}}}}"#, "x".repeat(512 * 1024))]);
    let (events, outcome) = decode_pieces("text/event-stream", std::iter::repeat_n(piece.as_bytes(), 100));
    assert_eq!((events.len(), outcome), (5, Err(LlmErrorKind::NotUnderstood)));
    let deep = format!("data: {}\n\n", "[".repeat(100_000));
    assert_eq!(decode(&deep).1, Err(LlmErrorKind::NotUnderstood));
}

/// What may stand in a stream, good and bad.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "data: ",
        "data:",
        "event: error\n",
        ": ping\n",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "[DONE]",
        "{",
        "}",
        "\"",
        "\\ud83d",
        "\u{feff}",
        "{\"choices\":[{\"delta\":{\"content\":\"é👩‍🚀\"}}]}",
        "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}",
        "{\"error\":{\"message\":\"x\"}}",
        "{\"usage\":{\"prompt_tokens\":1}}",
        "{\"choices\":[{\"delta\":{\"reasoning\":\"\\u0000\"}}]}",
    ]);
    let any = prop_oneof![6 => known.prop_map(|text| text.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..8)];
    prop::collection::vec(any, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn garbage_is_the_same_however_it_is_cut(
        body in pieces(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
        content_type in prop::sample::select(vec!["text/event-stream", "application/json"]),
    ) {
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(body.len() + 1)).chain([0, body.len()]).collect();
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|cut| &body[cut[0]..cut[1]]);
        let whole = decode_pieces(content_type, [body.as_slice()]);
        prop_assert_eq!(decode_pieces(content_type, pieces), whole.clone());
        let (events, outcome) = whole;
        let finished = events.iter().filter(|event| matches!(event, Event::Finished(_))).count();
        prop_assert_eq!(finished, usize::from(outcome.is_ok()));
        prop_assert!(outcome.is_err() || matches!(events.last(), Some(Event::Finished(_))));
        let said = events.iter().filter_map(|event| match event { Event::Text(text) | Event::Thinking(text) => Some(text), _ => None });
        prop_assert!(said.into_iter().all(|text| !text.is_empty() && !text.contains('\0')));
    }
}
