use testkit::peer::Step;

use super::*;

/// Errors in a stream that began well are errors in every form, and as the first event they are tried again.
#[tokio::test]
async fn case_35_errors_inside_a_stream() {
    let named = "event: error\ndata: {\"error\":{\"message\":\"SECRET\"},\"message\":\"SECRET\"}\n\n";
    let told = "data: {\"error\":{\"message\":\"SECRET\",\"type\":\"server_error\",\"code\":null}}\n\n";
    let plain = "data: {\"error\":\"SECRET\"}\n\n";
    for error in [named, told, plain] {
        let (text, failure) = fault(Script::stream().token("a").token("b").token("c").body(error).token("d")).await;
        assert_eq!((text.as_str(), failure.kind), ("abc", LlmErrorKind::ProviderDown), "{error}");
        let events = retries::ask(|peer| {
            peer.enqueue(Script::stream().body(error));
            peer.enqueue(Script::tokens(["Hello"]));
        })
        .await;
        assert_eq!(super::text(&events), "Hello", "{error}");
    }
    for name in ["anthropic_error_in_stream", "gemini_error_in_stream"] {
        let fixture = fixture(name);
        let outcome = decode(fixture.dialect, fixture.body.as_bytes());
        assert_eq!((written(&outcome).as_str(), outcome.1), ("Hel", Err(LlmErrorKind::ProviderDown)), "{name}");
    }
    let fixture = fixture("lm_studio_error_in_stream");
    assert_eq!(decode(fixture.dialect, fixture.body.as_bytes()).1, Err(LlmErrorKind::ContextTooLong));
}

/// A success that is a bare error, a list with one, or a page is what it says it is, whatever its type.
#[test]
fn case_36_success_that_is_no_stream() {
    let error = r#"{"error":{"message":"SECRET","code":503,"status":"UNAVAILABLE"}}"#;
    for dialect in Dialect::ALL {
        for (content_type, body, kind) in [
            ("application/json", error.to_owned(), LlmErrorKind::ProviderDown),
            (STREAM, error.to_owned(), LlmErrorKind::ProviderDown),
            (STREAM, format!("[{error}]"), LlmErrorKind::ProviderDown),
            ("application/json", format!("[{error}]"), LlmErrorKind::ProviderDown),
            ("text/html", "<html>SECRET</html>".to_owned(), LlmErrorKind::NotUnderstood),
            (STREAM, "<html>SECRET</html>".to_owned(), LlmErrorKind::NotUnderstood),
            ("application/json", "<html>".to_owned(), LlmErrorKind::NotUnderstood),
        ] {
            let outcome = decode_pieces(dialect, content_type, [body.as_bytes()]);
            assert_eq!(outcome, (vec![], Err(kind)), "{dialect:?} {content_type} {body}");
        }
    }
}

/// A whole answer although a stream was asked for is an answer.
#[test]
fn case_37_completion_that_is_no_stream() {
    let openai = r#"{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#;
    let anthropic = r#"{"type":"message","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}"#;
    let gemini = r#"{"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1}}"#;
    for (dialect, body) in Dialect::ALL.into_iter().zip([openai, anthropic, gemini]) {
        let outcome = decode_pieces(dialect, "application/json", body.as_bytes().chunks(7));
        assert_eq!(
            (written(&outcome).as_str(), finish(&outcome)),
            ("Hi", Some(domain::FinishReason::Stop)),
            "{dialect:?}"
        );
        assert_eq!(usage(&outcome).len(), 1, "{dialect:?}");
    }
}

/// A success without a body is no empty answer.
#[tokio::test]
async fn case_38_empty_success() {
    assert_eq!(kind(Script::response(200, STREAM, "")).await, LlmErrorKind::Truncated);
    assert_eq!(kind(Script::response(204, STREAM, "")).await, LlmErrorKind::Truncated);
    for dialect in Dialect::ALL {
        assert_eq!(decode(dialect, b""), (vec![], Err(LlmErrorKind::Truncated)), "{dialect:?}");
        assert_eq!(decode_pieces(dialect, "application/json", []).1, Err(LlmErrorKind::NotUnderstood), "{dialect:?}");
    }
}

/// A wait is read in seconds, parts of them, as a date, in milliseconds and from Gemini's body; nonsense is no wait.
#[tokio::test]
async fn case_39_retry_after_in_every_form() {
    let wait = async |name: &str, value: &str| {
        let script = Script::error(429, "rate_limit_exceeded", "SECRET").header(name, value);
        let (_, error) = fault(script).await;
        assert_eq!(error.kind, LlmErrorKind::RateLimited);
        error.problem().retry_after
    };
    let date = |seconds| {
        (Clock::system().now() + chrono::TimeDelta::seconds(seconds)).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    assert_eq!(wait("retry-after", "20").await, Some(20));
    assert_eq!(wait("retry-after", "1.5").await, Some(2));
    assert_eq!(wait("retry-after-ms", "2500").await, Some(3));
    assert!(wait("retry-after", &date(60)).await.is_some_and(|seconds| (50..=61).contains(&seconds)));
    assert_eq!(wait("retry-after", &date(-60)).await, None);
    assert_eq!(wait("retry-after", "9999").await, Some(3_600), "no longer than an hour is believed");
    assert_eq!(wait("retry-after", "soon").await, None);
    let body = r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34s"}]}}"#;
    assert_eq!(fault(Script::response(429, "application/json", body)).await.1.problem().retry_after, Some(34));
}

/// Overload, a page of a gateway and an empty error are told by their status; neither the key nor the body is in any words.
#[tokio::test]
async fn case_40_failures_and_redaction() {
    let overloaded = Script::error_of(Dialect::AnthropicMessages, 529, "overloaded_error", "SECRET");
    assert_eq!(kind(overloaded).await, LlmErrorKind::ProviderDown);
    assert_eq!(kind(Script::response(503, "text/html", "<html>SECRET</html>")).await, LlmErrorKind::ProviderDown);
    assert_eq!(kind(Script::response(502, "text/plain", "")).await, LlmErrorKind::ProviderDown);
    // `fault` looks for the key and the body in the error, its causes and its problem.
    let refused = Script::error(401, "invalid_api_key", &format!("Incorrect API key provided: {KEY}. SECRET"));
    let (_, error) = fault(refused).await;
    assert_eq!((error.kind, error.status), (LlmErrorKind::BadKey, Some(401)));
    assert!(error.problem().detail.contains("OPENAI_API_KEY"), "the setting is named");
}

/// A redirect is refused, and the key does not follow it.
#[tokio::test]
async fn case_41_redirect() {
    for provider in [Provider::OpenAi, Provider::Anthropic, Provider::Gemini] {
        let (elsewhere, peer) = (Peer::start().await, Peer::start().await);
        peer.enqueue(Script::response(307, "text/plain", "").header("location", elsewhere.url().as_str()));
        assert_eq!(failed(dialects::ask(&peer, provider).await).1.kind, LlmErrorKind::NotUnderstood);
        assert!(elsewhere.requests().is_empty(), "{provider:?}");
    }
}

/// A connection that breaks before the head, after it, in an event or in a chunk keeps what was said, and is tried again before
/// the first word; so is one of the pool that was dead already.
#[tokio::test]
async fn case_42_broken_connections() {
    let half_an_event = Script::stream().token("Hel").body("data: {\"choices\":[{\"del");
    let half_a_chunk = Script::stream().token("Hel").step(Step::Raw("40\r\ndata: {".to_owned()));
    for script in [half_an_event, half_a_chunk] {
        let (text, error) = fault(script.close()).await;
        assert_eq!((text.as_str(), error.kind), ("Hel", LlmErrorKind::Unreachable));
    }
    for dead in [Script::default().reset(), Script::default().close(), Script::stream().close()] {
        let events = retries::ask(|peer| {
            // The first answer leaves a connection in the pool.
            peer.enqueue(dead);
            peer.enqueue(Script::tokens(["Hello"]));
        })
        .await;
        assert_eq!(text(&events), "Hello");
    }
}
