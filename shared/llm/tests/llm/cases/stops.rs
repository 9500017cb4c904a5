use domain::FinishReason;

use super::*;

/// A limit that was used up by thinking is told as that, not as an empty answer.
#[test]
fn case_29_length_without_text() {
    let thinking = r#"{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hm"}}"#;
    let end = r#"{"type":"message_delta","delta":{"stop_reason":"max_tokens"}}"#;
    let nothing = Err(LlmErrorKind::NothingWithinLimit);
    assert_eq!(openai(&data(&[&chunk("{}", Some("length"))])).1, nothing);
    assert_eq!(anthropic(&data(&[thinking, end])).1, nothing);
    assert_eq!(gemini(&data(&[r#"{"candidates":[{"finishReason":"MAX_TOKENS"}]}"#])).1, nothing);
    let outcome = openai(&data(&[&chunk(r#"{"content":"Hi"}"#, Some("length"))]));
    assert_eq!(finish(&outcome), Some(FinishReason::Length), "with text it is an answer that was cut");
}

/// Filters and refusals are answers with a reason, reasons of tomorrow too.
#[test]
fn case_30_refusals_and_filters() {
    let end = |reason: &str| finish(&openai(&data(&[&chunk(r#"{"content":"Hi"}"#, Some(reason))])));
    assert_eq!(end("content_filter"), Some(FinishReason::ContentFilter));
    assert_eq!(end("of tomorrow"), Some(FinishReason::Other));
    let refused = openai(&data(&[&chunk(r#"{"refusal":"No."}"#, Some("stop"))]));
    assert_eq!((written(&refused).as_str(), finish(&refused)), ("No.", Some(FinishReason::Refusal)));
    let end = |reason: &str| {
        let details = r#"{"type":"refusal","category":"of_tomorrow"}"#;
        let end =
            format!(r#"{{"type":"message_delta","delta":{{"stop_reason":"{reason}","stop_details":{details}}}}}"#);
        finish(&anthropic(&data(&[&end])))
    };
    assert_eq!(end("refusal"), Some(FinishReason::Refusal));
    assert_eq!(end("pause_turn"), Some(FinishReason::Other));
    assert_eq!(end("of_tomorrow"), Some(FinishReason::Other));
}

/// Gemini blocks a prompt without a candidate and an answer without content; thinking and text come in one chunk with the end.
#[test]
fn case_31_gemini_blocks_and_parts() {
    let blocked =
        gemini(&data(&[r#"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":4}}"#]));
    assert_eq!((written(&blocked).as_str(), finish(&blocked)), ("", Some(FinishReason::ContentFilter)));
    let unsafe_answer = gemini(&data(&[r#"{"candidates":[{"finishReason":"SAFETY","index":0}]}"#]));
    assert_eq!(finish(&unsafe_answer), Some(FinishReason::ContentFilter));
    let parts = r#"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"Hel"},{"text":"lo"}]},"finishReason":"OF_TOMORROW"}]}"#;
    let outcome = gemini(&data(&[parts]));
    assert_eq!((thought(&outcome).as_str(), written(&outcome).as_str()), ("hm", "Hello"));
    assert_eq!(finish(&outcome), Some(FinishReason::Other));
}

/// Anthropic's text may begin where a block does; thinking is apart; of usage in two events the later counts.
#[test]
fn case_32_anthropic_blocks_and_usage() {
    let outcome = anthropic(&data(&[
        r#"{"type":"ping"}"#,
        r#"{"type":"message_start","message":{"usage":{"input_tokens":12,"output_tokens":1}}}"#,
        r#"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"h"}}"#,
        r#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"m"}}"#,
        r#"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqoB"}}"#,
        r#"{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"x"}}"#,
        r#"{"type":"content_block_start","index":2,"content_block":{"type":"text","text":"Hel"}}"#,
        r#"{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"lo"}}"#,
        r#"{"type":"content_block_start","index":3,"content_block":{"type":"text","text":"!"}}"#,
        r#"{"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":7}}"#,
        r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":13,"output_tokens":9}}"#,
        r#"{"type":"message_stop"}"#,
    ]));
    assert_eq!((thought(&outcome).as_str(), written(&outcome).as_str()), ("hm", "Hello!"));
    assert_eq!(finish(&outcome), Some(FinishReason::Stop));
    assert_eq!(usage(&outcome), [domain::Usage { input_tokens: 13, output_tokens: 9, ..domain::Usage::default() }]);
}

/// Thinking of local models is apart under all of its names, and in tags that are cut anywhere or never closed.
#[test]
fn case_33_local_thinking() {
    for name in ["reasoning", "reasoning_content"] {
        let outcome = openai(&data(&[
            &chunk(&format!(r#"{{"{name}":"hm"}}"#), None),
            &chunk(r#"{"content":"Hi"}"#, Some("stop")),
        ]));
        assert_eq!((thought(&outcome).as_str(), written(&outcome).as_str()), ("hm", "Hi"), "{name}");
    }
    let tags = fixture("lm_studio_thinking");
    let outcome = decode(tags.dialect, tags.body.as_bytes());
    assert_eq!((thought(&outcome).as_str(), written(&outcome).as_str()), ("Let me see… é", "Yes, 日本語."));
    let outcome = openai(&data(&[
        &chunk(r#"{"content":"<think>never clo"}"#, None),
        &chunk(r#"{"content":"sed"}"#, Some("stop")),
    ]));
    assert_eq!((thought(&outcome).as_str(), written(&outcome).as_str()), ("never closed", ""));
}

/// Members that stand there twice, huge numbers, deep nesting and half a surrogate pair break nothing.
#[test]
fn case_34_odd_json() {
    let twice = r#"{"choices":[{"delta":{"content":"no","content":"Hi"},"finish_reason":"stop"}]}"#;
    assert_eq!(written(&openai(&data(&[twice]))), "Hi", "the last counts");
    let huge = r#"{"choices":[],"usage":{"prompt_tokens":99999999999999999999999,"completion_tokens":3}}"#;
    let outcome = openai(&data(&[huge, &chunk(r#"{"content":"Hi"}"#, Some("stop"))]));
    assert_eq!((written(&outcome).as_str(), finish(&outcome)), ("Hi", Some(FinishReason::Stop)));
    for dialect in Dialect::ALL {
        let deep = format!("data: {}\n\n", "[".repeat(100_000));
        assert_eq!(decode(dialect, deep.as_bytes()).1, Err(LlmErrorKind::NotUnderstood), "{dialect:?}");
    }
    let halves = data(&[&chunk(r#"{"content":"a\ud83d"}"#, None), &chunk(r#"{"content":"\ude00b"}"#, Some("stop"))]);
    assert_eq!(written(&openai(&halves)), "a\u{fffd}\u{fffd}b");
    let half = r#"{"type":"content_block_delta","delta":{"type":"text_delta","text":"a\ud83d"}}"#;
    assert_eq!(written(&anthropic(&data(&[half]))), "a\u{fffd}");
    let half = r#"{"candidates":[{"content":{"parts":[{"text":"a\ud83d"}]}}]}"#;
    assert_eq!(written(&gemini(&data(&[half]))), "a\u{fffd}");
}
