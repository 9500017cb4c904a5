use bytes::Bytes;
use domain::{FinishReason, Usage};

use crate::codec::{Decoder, Format};
use crate::{Event, LlmErrorKind};

type Outcome = (Vec<Event>, Result<(), LlmErrorKind>);

fn decode_as(content_type: &str, body: &str) -> Outcome {
    let mut events = Vec::new();
    let outcome = (|| {
        let mut decoder = Decoder::new(Format::GeminiGenerate, Some(content_type))?;
        decoder.feed(&Bytes::copy_from_slice(body.as_bytes()), &mut events)?;
        decoder.end(&mut events)
    })();
    (events, outcome)
}

fn decode(chunks: &[&str]) -> Outcome {
    let events: Vec<_> = chunks.iter().map(|chunk| format!("data: {chunk}\r\n\r\n")).collect();
    let body = events.concat();
    decode_as("text/event-stream", &body)
}

const TEXT: &str = r#"{"candidates":[{"content":{"parts":[{"text":"Yes"}],"role":"model"},"index":0}]}"#;

fn text(text: &str) -> Event {
    Event::Text(text.to_owned())
}

#[test]
fn every_reason_to_stop_is_told() {
    for (reason, finish) in [
        ("STOP", FinishReason::Stop),
        ("MAX_TOKENS", FinishReason::Length),
        ("SAFETY", FinishReason::ContentFilter),
        ("RECITATION", FinishReason::ContentFilter),
        ("PROHIBITED_CONTENT", FinishReason::ContentFilter),
        ("MALFORMED_FUNCTION_CALL", FinishReason::Other),
        ("A_REASON_OF_TOMORROW", FinishReason::Other),
    ] {
        let end = format!(r#"{{"candidates":[{{"finishReason":"{reason}","index":0}}]}}"#);
        assert_eq!(decode(&[TEXT, &end]), (vec![text("Yes"), Event::Finished(finish)], Ok(())), "{reason}");
    }
    let unspecified = r#"{"candidates":[{"finishReason":"FINISH_REASON_UNSPECIFIED"}]}"#;
    assert_eq!(decode(&[TEXT, unspecified]), (vec![text("Yes")], Err(LlmErrorKind::Truncated)));
}

#[test]
fn a_response_that_is_no_stream_is_taken_too() {
    let end = r#"{"candidates":[{"content":{"parts":[{"text":"!"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3}}"#;
    let used = Usage { input_tokens: 3, ..Usage::default() };
    let close = [Event::Usage(used), Event::Finished(FinishReason::Stop)];
    let list = decode_as("application/json", &format!("[{TEXT},\n{end}]"));
    assert_eq!(list, ([vec![text("Yes"), text("!")], close.to_vec()].concat(), Ok(())));
    assert_eq!(decode_as("application/json; charset=UTF-8", end), ([vec![text("!")], close.to_vec()].concat(), Ok(())));
    let error = r#"[{"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}]"#;
    assert_eq!(decode_as("application/json", error), (vec![], Err(LlmErrorKind::ProviderDown)));
}

#[test]
fn what_servers_leave_out_changes_nothing() {
    for odd in [
        "{}",
        r#"{"candidates":[]}"#,
        r#"{"candidates":[{}]}"#,
        r#"{"candidates":[{"content":{}}]}"#,
        r#"{"candidates":[{"content":{"parts":[{},{"text":""},{"functionCall":{"name":"x"}}]}}]}"#,
        r#"{"candidates":[{"index":1,"content":{"parts":[{"text":"another"}]},"finishReason":"STOP"}]}"#,
        r#"{"promptFeedback":{"safetyRatings":[]}}"#,
        r#"{"usageMetadata":{}}"#,
    ] {
        let end = r#"{"candidates":[{"finishReason":"STOP"}]}"#;
        let expected = (vec![text("Yes"), Event::Finished(FinishReason::Stop)], Ok(()));
        assert_eq!(decode(&[odd, TEXT, end]), expected, "{odd}");
    }
}
