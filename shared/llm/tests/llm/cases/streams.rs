use domain::FinishReason;

use super::*;

const HI: &str = r#"{"content":"Hi"}"#;

/// An answer is whole when the model said why it stopped, with or without `[DONE]`.
#[test]
fn case_19_missing_done() {
    let outcome = openai(&data(&[&chunk(HI, None), &chunk("{}", Some("stop"))]));
    assert_eq!((written(&outcome).as_str(), finish(&outcome)), ("Hi", Some(FinishReason::Stop)));
    let without_stop =
        fixture("anthropic_messages").body.replace("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", "");
    assert_eq!(finish(&anthropic(&without_stop)), Some(FinishReason::Stop));
}

/// A stream that ends before the model said why is cut: what there is of it is kept, and without any text it is tried again.
#[tokio::test]
async fn case_20_end_before_finish() {
    for dialect in Dialect::ALL {
        let outcome = decode(dialect, &Script::stream_of(dialect).token("Hel").whole_body());
        assert_eq!((written(&outcome).as_str(), outcome.1), ("Hel", Err(LlmErrorKind::Truncated)), "{dialect:?}");
    }
    let (text, error) = fault(Script::stream().token("Hel")).await;
    assert_eq!((text.as_str(), error.kind), ("Hel", LlmErrorKind::Truncated));
    let events = retries::ask(|peer| {
        peer.enqueue(Script::stream());
        peer.enqueue(Script::tokens(["Hello"]));
    })
    .await;
    assert_eq!(super::text(&events), "Hello");
}

/// `[DONE]` after nothing is no answer.
#[test]
fn case_21_done_without_anything() {
    assert_eq!(openai("data: [DONE]\n\n"), (vec![], Err(LlmErrorKind::Truncated)));
    assert_eq!(anthropic(&data(&[r#"{"type":"message_stop"}"#])), (vec![], Err(LlmErrorKind::Truncated)));
}

/// What comes after the end of an answer does not belong to it.
#[test]
fn case_22_events_after_the_end() {
    for dialect in [Dialect::OpenAiChat, Dialect::AnthropicMessages] {
        let whole = Script::tokens_of(dialect, ["Hi"]);
        let more = whole.clone().token(" there").finish("stop").done();
        assert_eq!(decode(dialect, &more.whole_body()), decode(dialect, &whole.whole_body()), "{dialect:?}");
    }
}

/// A chunk without choices has the usage, or the results of Azure's filters, and is no answer.
#[test]
fn case_23_chunks_without_choices() {
    let filters = r#"{"choices":[],"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}"#;
    let used = r#"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}}"#;
    let outcome = openai(&data(&[filters, &chunk(HI, Some("stop")), used, "[DONE]"]));
    assert_eq!((written(&outcome).as_str(), finish(&outcome)), ("Hi", Some(FinishReason::Stop)));
    assert_eq!(usage(&outcome), [domain::Usage { input_tokens: 9, output_tokens: 2, ..domain::Usage::default() }]);
}

/// Usage with every chunk is the sum so far: the last counts. Without any it is estimated.
#[tokio::test]
async fn case_24_usage_repeated_null_or_absent() {
    let used = |tokens: u32| format!(r#"{{"choices":[],"usage":{{"prompt_tokens":5,"completion_tokens":{tokens}}}}}"#);
    let null = r#"{"choices":[],"usage":null}"#;
    let outcome = openai(&data(&[&used(1), null, &used(2), &chunk(HI, Some("stop")), &used(3)]));
    assert_eq!(usage(&outcome).iter().map(|usage| usage.output_tokens).collect::<Vec<_>>(), [3]);
    let outcome = decode(Dialect::GeminiGenerate, fixture("gemini_generate").body.as_bytes());
    let expected =
        domain::Usage { input_tokens: 4, output_tokens: 32, cached_tokens: 1, reasoning_tokens: 30, estimated: false };
    assert_eq!(usage(&outcome), [expected]);
    let peer = Peer::start().await;
    peer.enqueue(Script::stream().token("Hi").finish("stop").done());
    let events: Vec<_> = ask(&peer).await.into_iter().map(|event| event.expect("it is whole")).collect();
    assert!(usage(&(events, Ok(()))).iter().all(|usage| usage.estimated && usage.output_tokens > 0));
}

/// An empty delta, a missing one, content that is null, and a second choice add nothing.
#[test]
fn case_25_odd_deltas() {
    for odd in [
        chunk("{}", None),
        chunk("null", None),
        chunk(r#"{"content":null}"#, None),
        r#"{"choices":[{"index":0}]}"#.to_owned(),
        r#"{"choices":[{"index":1,"delta":{"content":"another"},"finish_reason":"stop"}]}"#.to_owned(),
        r#"{"choices":null}"#.to_owned(),
    ] {
        let outcome = openai(&data(&[&odd, &chunk(HI, None), &odd, &chunk("{}", Some("stop"))]));
        assert_eq!((written(&outcome).as_str(), finish(&outcome)), ("Hi", Some(FinishReason::Stop)), "{odd}");
    }
}

/// Fields that nobody knows are passed over.
#[test]
fn case_26_unknown_fields() {
    let chunk = r#"{"obfuscation":"x9","service_tier":"y","choices":[{"index":0,"delta":{"content":"Hi","of":{"tomorrow":[1]}},"finish_reason":"stop","logprobs":{}}]}"#;
    assert_eq!(written(&openai(&data(&[chunk]))), "Hi");
    let chunk = r#"{"candidates":[{"content":{"parts":[{"text":"Hi","of":"tomorrow"}],"role":"model"},"finishReason":"STOP","safetyRatings":[]}],"of":1}"#;
    assert_eq!(written(&gemini(&data(&[chunk]))), "Hi");
}

/// Parts of tool calls are no text; an answer that ends in one says that it stopped for another reason.
#[test]
fn case_27_tool_calls() {
    let call = r#"{"tool_calls":[{"index":0,"function":{"name":"x","arguments":"{"}}]}"#;
    let outcome = openai(&data(&[&chunk(call, None), &chunk("{}", Some("tool_calls"))]));
    assert_eq!((written(&outcome).as_str(), finish(&outcome)), ("", Some(FinishReason::Other)));
    let call = r#"{"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{"}}"#;
    let end = r#"{"type":"message_delta","delta":{"stop_reason":"tool_use"}}"#;
    let outcome = anthropic(&data(&[call, end]));
    assert_eq!((written(&outcome).as_str(), finish(&outcome)), ("", Some(FinishReason::Other)));
}

/// A chunk that only names the role is not the first word: what fails after it is tried again.
#[tokio::test]
async fn case_28_role_only_chunk() {
    let role = data(&[&chunk(r#"{"role":"assistant","content":""}"#, None)]);
    assert_eq!(openai(&role), (vec![], Err(LlmErrorKind::Truncated)));
    let events = retries::ask(|peer| {
        peer.enqueue(Script::stream().body("data: {\"error\":{\"message\":\"x\",\"type\":\"server_error\"}}\n\n"));
        peer.enqueue(Script::tokens(["Hello"]));
    })
    .await;
    assert_eq!(text(&events), "Hello");
}
