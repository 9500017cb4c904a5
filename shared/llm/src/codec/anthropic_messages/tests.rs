use bytes::Bytes;
use domain::{FinishReason, Usage};

use crate::codec::{Decoder, Format, Progress};
use crate::{Event, LlmErrorKind};

type Outcome = (Vec<Event>, Result<(), LlmErrorKind>);

fn decode_as(content_type: &str, body: &str) -> Outcome {
    let mut events = Vec::new();
    let outcome = (|| {
        let mut decoder = Decoder::new(Format::AnthropicMessages, Some(content_type))?;
        if decoder.feed(&Bytes::copy_from_slice(body.as_bytes()), &mut events)? == Progress::Done {
            return Ok(());
        }
        decoder.end(&mut events)
    })();
    (events, outcome)
}

fn decode(events: &[&str]) -> Outcome {
    let events: Vec<_> = events.iter().map(|data| format!("data: {data}\n\n")).collect();
    let body = events.concat();
    decode_as("text/event-stream", &body)
}

const START: &str =
    r#"{"type":"message_start","message":{"usage":{"input_tokens":12,"cache_read_input_tokens":3,"output_tokens":1}}}"#;
const TEXT: &str = r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Yes"}}"#;
const END: &str = r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}"#;
const STOP: &str = r#"{"type":"message_stop"}"#;

fn text(text: &str) -> Event {
    Event::Text(text.to_owned())
}

#[test]
fn the_type_in_the_data_counts_and_the_name_of_the_event_stands_in_for_it() {
    let used = Usage { input_tokens: 15, output_tokens: 15, cached_tokens: 3, ..Usage::default() };
    let whole = (vec![text("Yes"), Event::Usage(used), Event::Finished(FinishReason::Stop)], Ok(()));
    assert_eq!(decode(&[START, TEXT, END, STOP]), whole);
    let named = format!(
        "data: {START}\n\nevent: content_block_delta\ndata: {{\"delta\":{{\"type\":\"text_delta\",\"text\":\"Yes\"}}}}\n\ndata: {END}\n\n"
    );
    assert_eq!(decode_as("text/event-stream", &named), whole);
}

#[test]
fn every_reason_to_stop_is_told() {
    for (reason, finish) in [
        ("end_turn", FinishReason::Stop),
        ("stop_sequence", FinishReason::Stop),
        ("max_tokens", FinishReason::Length),
        ("model_context_window_exceeded", FinishReason::Length),
        ("refusal", FinishReason::Refusal),
        ("tool_use", FinishReason::Other),
        ("pause_turn", FinishReason::Other),
        ("a reason of tomorrow", FinishReason::Other),
    ] {
        let end = format!(
            r#"{{"type":"message_delta","delta":{{"stop_reason":"{reason}","stop_details":{{"category":"x"}}}}}}"#
        );
        assert_eq!(decode(&[TEXT, &end]), (vec![text("Yes"), Event::Finished(finish)], Ok(())), "{reason}");
    }
}

#[test]
fn what_is_not_known_yet_is_passed_over() {
    for odd in [
        r#"{"type":"ping"}"#,
        r#"{"type":"of_tomorrow","content":"x"}"#,
        r#"{"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{"}}"#,
        r#"{"type":"content_block_delta","delta":{"type":"citations_delta","citation":{}}}"#,
        r#"{"type":"content_block_start","content_block":{"type":"redacted_thinking","data":"x"}}"#,
        r#"{"type":"content_block_start","content_block":{"type":"tool_use","name":"x","input":{}}}"#,
        r#"{"type":"content_block_start"}"#,
        r#"{"type":"message_delta","delta":{"stop_reason":null},"usage":null}"#,
        "{}",
    ] {
        let (events, outcome) = decode(&[odd, TEXT, END, STOP]);
        assert_eq!((events.first(), outcome), (Some(&text("Yes")), Ok(())), "{odd}");
    }
}

#[test]
fn a_message_that_is_no_stream_is_taken_too() {
    let body = r#"{"type":"message","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"Yes"}],"stop_reason":"end_turn",
        "usage":{"input_tokens":1,"output_tokens":2}}"#;
    let used = Usage { input_tokens: 1, output_tokens: 2, ..Usage::default() };
    let events =
        vec![Event::Thinking("hm".to_owned()), text("Yes"), Event::Usage(used), Event::Finished(FinishReason::Stop)];
    assert_eq!(decode_as("application/json", body), (events, Ok(())));
    let error = r#"{"type":"error","error":{"type":"overloaded_error","message":"x"}}"#;
    assert_eq!(decode_as("application/json", error), (vec![], Err(LlmErrorKind::ProviderDown)));
}

#[test]
fn what_was_used_is_not_told_before_it_is_known() {
    assert_eq!(decode(&[START, TEXT]), (vec![text("Yes")], Err(LlmErrorKind::Truncated)));
    assert_eq!(decode(&[START, TEXT, STOP]), (vec![text("Yes")], Err(LlmErrorKind::Truncated)));
}
