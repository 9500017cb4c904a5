use testkit::peer::{Framing, Step};

use super::*;

#[tokio::test]
async fn a_refusal_is_told_by_its_status_and_its_code() {
    for (status, code, kind) in [
        (401, "invalid_api_key", LlmErrorKind::BadKey),
        (403, "unsupported_country", LlmErrorKind::BadKey),
        (404, "model_not_found", LlmErrorKind::ModelNotFound),
        (400, "context_length_exceeded", LlmErrorKind::ContextTooLong),
        (400, "unsupported_value", LlmErrorKind::RequestRefused),
        (429, "rate_limit_exceeded", LlmErrorKind::RateLimited),
        (429, "insufficient_quota", LlmErrorKind::QuotaUsedUp),
        (500, "server_error", LlmErrorKind::ProviderDown),
        (503, "overloaded", LlmErrorKind::ProviderDown),
    ] {
        // Providers repeat keys and prompts in their messages.
        let (_, error) = fault(Script::error(status, code, &format!("SECRET {KEY} Hello"))).await;
        assert_eq!((error.kind, error.status), (kind, Some(status)), "{code}");
        assert!(!error.problem().detail.is_empty());
    }
}

#[tokio::test]
async fn a_wait_and_the_request_id_are_passed_on() {
    let script = Script::error(429, "rate_limit_exceeded", "slow down")
        .header("retry-after", "7")
        .header("x-request-id", "req_1");
    let (_, error) = fault(script).await;
    assert_eq!(error.problem().retry_after, Some(7));
    assert_eq!(error.provider_request_id.as_deref(), Some("req_1"));
    let (_, error) = fault(Script::error(429, "rate_limit_exceeded", "x").header("retry-after", "soon")).await;
    assert_eq!(error.problem().retry_after, None);
}

#[tokio::test]
async fn an_error_without_json_is_told_by_its_status() {
    assert_eq!(kind(Script::response(503, "text/html", "<html>SECRET</html>")).await, LlmErrorKind::ProviderDown);
    assert_eq!(kind(Script::response(502, "text/plain", "")).await, LlmErrorKind::ProviderDown);
    assert_eq!(kind(Script::response(404, "text/html", "<html>")).await, LlmErrorKind::NotUnderstood);
    let endless = Script::default().head(500, "text/plain").body(&"SECRET".repeat(100_000)).close();
    assert_eq!(kind(endless).await, LlmErrorKind::ProviderDown);
}

#[tokio::test]
async fn a_redirect_is_refused_and_the_key_stays_here() {
    let elsewhere = Peer::start().await;
    let peer = Peer::start().await;
    peer.enqueue(Script::response(307, "text/plain", "").header("location", elsewhere.url().as_str()));
    assert_eq!(failed(ask(&peer).await).1.kind, LlmErrorKind::NotUnderstood);
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_stream_that_ends_too_early_is_a_truncation() {
    let (text, error) = fault(Script::stream().token("Hel")).await;
    assert_eq!((text.as_str(), error.kind), ("Hel", LlmErrorKind::Truncated));
    assert_eq!(error.problem().kind, "/problems/answer-cut");
    let (text, error) = fault(Script::stream().token("Hel").done()).await;
    assert_eq!((text.as_str(), error.kind), ("Hel", LlmErrorKind::Truncated));
    assert_eq!(kind(Script::stream()).await, LlmErrorKind::Truncated);
    assert_eq!(kind(Script::response(200, "text/event-stream", "")).await, LlmErrorKind::Truncated);
    assert_eq!(kind(Script::response(204, "text/event-stream", "")).await, LlmErrorKind::Truncated);
}

#[tokio::test]
async fn a_connection_that_breaks_keeps_what_was_said() {
    let (text, error) = fault(Script::stream().token("Hel").close()).await;
    assert_eq!((text.as_str(), error.kind), ("Hel", LlmErrorKind::Unreachable));
    assert!(error.problem().detail.contains("is kept"));

    // A reset also throws away what has arrived and was not read: it comes when the text was.
    let peer = Peer::start().await;
    peer.enqueue(Script::stream().token("Hel").hold("the text was read").reset());
    let models = models(openai(&peer));
    let chosen = models.choose(Some("openai/m")).await.expect("it is configured");
    let mut answer = models.answer_with(&chosen, prompt("Hello"), ONCE);
    let mut events = vec![answer.next().await.expect("the text")];
    peer.release("the text was read");
    events.extend(answer.collect::<Vec<_>>().await);
    assert_eq!(failed(events).1.kind, LlmErrorKind::Unreachable);

    for script in [Script::default().reset(), Script::default().close(), Script::stream().close()] {
        let (_, error) = fault(script).await;
        assert_eq!(error.kind, LlmErrorKind::Unreachable);
        assert_eq!(error.problem().kind, "/problems/provider-failed");
    }
}

#[tokio::test]
async fn lies_about_the_length_are_a_broken_connection() {
    let headers = vec![("content-type".to_owned(), "text/event-stream".to_owned())];
    let head = Step::Head { status: 200, headers, framing: Framing::Length(100_000) };
    assert_eq!(kind(Script::default().step(head).token("Hel").close()).await, LlmErrorKind::Unreachable);
    let broken_chunk = Script::stream().token("Hel").step(Step::Raw("not a length\r\n".to_owned())).close();
    assert_eq!(kind(broken_chunk).await, LlmErrorKind::Unreachable);
    let no_http = Script::default().step(Step::Raw("SSH-2.0-OpenSSH_9.2\r\n".to_owned())).close();
    assert_eq!(kind(no_http).await, LlmErrorKind::Unreachable);
}

#[tokio::test]
async fn an_error_inside_the_stream_is_an_error() {
    let told = r#"data: {"error":{"message":"SECRET","type":"server_error","code":null}}"#;
    let named = "event: error\ndata: {\"error\":{\"message\":\"SECRET\"},\"message\":\"SECRET\"}";
    for error in [told, named] {
        let script = || Script::stream().body(&format!("{error}\n\n"));
        assert_eq!(kind(script()).await, LlmErrorKind::ProviderDown, "{error}");
        let (text, error) = fault(Script::stream().token("Hel").body(&format!("{error}\n\n")).token("lo")).await;
        assert_eq!((text.as_str(), error.kind), ("Hel", LlmErrorKind::ProviderDown));
    }
    let whole = r#"{"error":{"message":"SECRET","code":"context_length_exceeded"}}"#;
    for content_type in ["application/json", "text/event-stream"] {
        assert_eq!(
            kind(Script::response(200, content_type, whole)).await,
            LlmErrorKind::ContextTooLong,
            "{content_type}"
        );
    }
}

#[tokio::test]
async fn a_body_that_is_no_answer_is_not_understood() {
    for (content_type, body) in [
        ("text/html", "<html>SECRET</html>"),
        ("text/event-stream", "<html>SECRET</html>"),
        ("text/event-stream", "data: SECRET\n\n"),
        ("application/json", "SECRET"),
    ] {
        assert_eq!(kind(Script::response(200, content_type, body)).await, LlmErrorKind::NotUnderstood, "{body}");
    }
    let zipped = Script::stream().header("content-encoding", "gzip");
    assert_eq!(kind(zipped).await, LlmErrorKind::NotUnderstood);
    let no_text =
        Script::default().head(200, "text/event-stream").step(Step::BodyBytes(b"data: \xff\xfe\n\n".to_vec()));
    assert_eq!(kind(no_text).await, LlmErrorKind::NotUnderstood);
}

#[tokio::test]
async fn nul_and_half_a_surrogate_pair_become_the_replacement_character() {
    let peer = Peer::start().await;
    let odd = r#"data: {"choices":[{"delta":{"content":"a\u0000b\ud83d"}}]}"#;
    peer.enqueue(Script::stream().body(&format!("{odd}\n\n")).finish("stop").done());
    assert_eq!(text(&ask(&peer).await), "a\u{fffd}b\u{fffd}");
}

#[tokio::test]
async fn a_huge_line_ends_the_reading_and_the_request() {
    let peer = Peer::start().await;
    let line = format!("data: {}", "x".repeat(64 * 1024));
    let script = (0..64).fold(Script::stream().token("Hel"), |script, _| script.body(&line));
    peer.enqueue(script.stall());
    let (text, error) = failed(ask(&peer).await);
    assert_eq!((text.as_str(), error.kind), ("Hel", LlmErrorKind::NotUnderstood));
    peer.until_client_gone().await;
}
