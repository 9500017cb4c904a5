use domain::FinishReason;

use super::*;

/// With hardly a pause between two attempts.
const QUICK: AnswerOptions =
    AnswerOptions { retry: Retry { pause: Duration::from_millis(2), ..Retry::INTERACTIVE }, ..ONCE };

/// Asks a peer that follows these scripts, as often as it is worth it.
pub(crate) async fn ask(scripts: impl FnOnce(&Peer)) -> Vec<Result<Event, LlmError>> {
    let peer = Peer::start().await;
    scripts(&peer);
    let models = models(openai(&peer));
    asked(&models, "openai/some-model").await
}

async fn asked(models: &Models, model: &str) -> Vec<Result<Event, LlmError>> {
    let chosen = models.choose(Some(model)).await.expect("it is configured");
    models.answer_with(&chosen, prompt("Hello"), QUICK).collect().await
}

fn count(events: &[Result<Event, LlmError>], wanted: &Event) -> usize {
    events.iter().filter(|event| event.as_ref().is_ok_and(|event| event == wanted)).count()
}

fn down() -> Script {
    Script::error(503, "overloaded", "SECRET")
}

/// Two peers: OpenAI's place, and Anthropic's as the operator's fallback.
async fn with_fallback() -> (Peer, Peer, Models, Clock) {
    let (first, second) = (Peer::start().await, Peer::start().await);
    let settings = LlmSettings {
        fallback_model: Some("anthropic/claude-sonnet-4-5".to_owned()),
        anthropic_base_url: Some(second.url()),
        anthropic_key: Some(KEY.into()),
        ..openai(&first)
    };
    let clock = Clock::fixed(Clock::system().now());
    let models = Models::with(settings, |_| PATIENT, clock.clone()).expect("the settings are good");
    (first, second, models, clock)
}

fn fell_back() -> Event {
    Event::FellBack { from: "openai/some-model".to_owned(), to: "anthropic/claude-sonnet-4-5".to_owned() }
}

#[tokio::test]
async fn what_fails_before_its_first_word_is_tried_again() {
    let empty = || Script::response(200, "text/event-stream", "");
    let failed_in_the_stream =
        || Script::stream().body("event: error\ndata: {\"error\":{\"message\":\"x\",\"type\":\"server_error\"}}\n\n");
    for failing in [down, empty, failed_in_the_stream, || Script::default().reset(), || Script::stream().close()] {
        let events = ask(|peer| {
            peer.enqueue(failing());
            peer.enqueue(failing());
            peer.enqueue(Script::tokens(["Hello"]));
        })
        .await;
        assert_eq!(text(&events), "Hello", "{events:?}");
        assert_eq!(count(&events, &Event::Retrying), 2);
        assert!(matches!(events.last(), Some(Ok(Event::Finished(FinishReason::Stop)))), "{events:?}");
        let usage = events.iter().filter(|event| matches!(event, Ok(Event::Usage(_)))).count();
        assert_eq!(usage, 1, "that of the attempt that came through");
    }
}

#[tokio::test]
async fn three_attempts_are_enough() {
    let peer = Peer::start().await;
    peer.enqueue(down().times(9));
    let models = models(openai(&peer));
    let (text, error) = failed(asked(&models, "openai/some-model").await);
    assert_eq!((text.as_str(), error.kind), ("", LlmErrorKind::ProviderDown));
    assert_eq!(peer.prompts().len(), 3);
}

#[tokio::test]
async fn nothing_is_tried_again_after_the_first_word() {
    for begun in [Script::stream().token("Hel"), Script::stream().thinking("hm")] {
        let peer = Peer::start().await;
        peer.enqueue(begun.close());
        let models = models(openai(&peer));
        let events = asked(&models, "openai/some-model").await;
        let error = events.last().expect("an error").as_ref().expect_err("the answer was cut");
        assert_eq!(error.kind, LlmErrorKind::Unreachable);
        assert_eq!(peer.prompts().len(), 1, "one request");
        let usage =
            events.iter().find_map(|event| if let Ok(Event::Usage(usage)) = event { Some(usage) } else { None });
        assert!(usage.is_some_and(|usage| usage.estimated && usage.output_tokens > 0), "what was written was paid for");
    }
}

#[tokio::test]
async fn what_will_not_pass_is_not_tried_again() {
    for (status, code) in
        [(401, "invalid_api_key"), (429, "insufficient_quota"), (400, "unsupported"), (404, "model_not_found")]
    {
        let (first, second, models, _) = with_fallback().await;
        first.enqueue(Script::error(status, code, "SECRET"));
        failed(asked(&models, "openai/some-model").await);
        assert_eq!((first.prompts().len(), second.prompts().len()), (1, 0), "{code}");
    }
    let (first, second, models, _) = with_fallback().await;
    first.enqueue(
        Script::stream().body("data: {\"choices\":[{\"delta\":{\"refusal\":\"No.\"},\"finish_reason\":\"stop\"}]}\n\n"),
    );
    let events = asked(&models, "openai/some-model").await;
    assert!(matches!(events.last(), Some(Ok(Event::Finished(FinishReason::Refusal)))), "{events:?}");
    assert_eq!((first.prompts().len(), second.prompts().len()), (1, 0), "a refusal is an answer");
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_not_waited_for() {
    let peer = Peer::start().await;
    peer.enqueue(Script::error(429, "rate_limit_exceeded", "x").header("retry-after", "60"));
    let models = models(openai(&peer));
    let (_, error) = failed(asked(&models, "openai/some-model").await);
    assert_eq!((error.problem().retry_after, peer.prompts().len()), (Some(60), 1));
    assert!(error.problem().detail.contains("60 seconds"));
}

#[tokio::test]
async fn a_short_wait_is_waited_for() {
    let begun = std::time::Instant::now();
    let events = ask(|peer| {
        peer.enqueue(Script::error(429, "rate_limit_exceeded", "x").header("retry-after-ms", "300"));
        peer.enqueue(Script::tokens(["Hello"]));
    })
    .await;
    assert_eq!(text(&events), "Hello");
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn the_fallback_stands_in_and_it_is_said() {
    let (first, second, models, clock) = with_fallback().await;
    first.enqueue(down().times(2));
    let events = asked(&models, "openai/some-model").await;
    assert!(text(&events).starts_with("You said"), "{events:?}");
    assert_eq!((count(&events, &fell_back()), first.prompts().len(), second.prompts().len()), (1, 2, 1));
    assert_eq!(second.prompts()[0].body["model"], "claude-sonnet-4-5", "asked in its own dialect");

    // A provider that was down is left alone for half a minute, and asked again then.
    let events = asked(&models, "openai/some-model").await;
    assert_eq!((count(&events, &fell_back()), first.prompts().len(), second.prompts().len()), (1, 2, 2));
    clock.advance(chrono::TimeDelta::seconds(31));
    let events = asked(&models, "openai/some-model").await;
    assert_eq!((count(&events, &fell_back()), first.prompts().len(), second.prompts().len()), (0, 3, 2));
}

#[tokio::test]
async fn a_provider_without_another_is_asked_though_it_was_down() {
    let peer = Peer::start().await;
    peer.enqueue(down().times(3));
    let models = models(openai(&peer));
    failed(asked(&models, "openai/some-model").await);
    assert!(text(&asked(&models, "openai/some-model").await).starts_with("You said"));
}

#[tokio::test]
async fn when_both_are_down_the_last_error_is_told() {
    let (first, second, models, _) = with_fallback().await;
    first.enqueue(down().times(9));
    second.enqueue(
        Script::error_of(testkit::peer::Dialect::AnthropicMessages, 529, "overloaded_error", "SECRET").times(9),
    );
    let (_, error) = failed(asked(&models, "openai/some-model").await);
    assert_eq!(
        (error.kind, error.provider, error.status),
        (LlmErrorKind::ProviderDown, Some(Provider::Anthropic), Some(529))
    );
    assert_eq!(first.prompts().len() + second.prompts().len(), 3);
}

#[tokio::test]
async fn what_was_meant_for_the_own_machines_does_not_leave_them() {
    let peer = Peer::start().await;
    peer.enqueue(down().times(9));
    let settings = LlmSettings {
        fallback_model: Some("openai/gpt-5-mini".to_owned()),
        // The real one: a request to it would fail, but it would be one.
        openai_key: Some(KEY.into()),
        ..local(Provider::LmStudio, &peer)
    };
    let models = models(settings);
    let events = asked(&models, "lm_studio/qwen3-8b").await;
    assert!(!events.iter().any(|event| matches!(event, Ok(Event::FellBack { .. }))), "{events:?}");
    assert_eq!(failed(events).1.provider, Some(Provider::LmStudio));
    assert_eq!(peer.prompts().len(), 3, "all attempts are its own");
}

#[tokio::test]
async fn a_parameter_that_is_refused_is_left_out_and_remembered() {
    let peer = Peer::start().await;
    let refuse = |message: &str| {
        let body = format!(r#"{{"error":{{"message":"{message}","type":"invalid_request_error","param":null}}}}"#);
        Script::response(400, "application/json", &body)
    };
    peer.enqueue(refuse("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."));
    peer.enqueue(refuse("`temperature` is deprecated for this model."));
    let models = models(openai(&peer));
    let chosen = models.choose(Some("openai/some-model")).await.expect("it is configured");
    let options = AnswerOptions { max_output_tokens: Some(64), temperature: Some(0.5), ..QUICK };
    let ask = async || models.answer_with(&chosen, prompt("Hello"), options).collect::<Vec<_>>().await;
    let events = ask().await;
    assert!(text(&events).starts_with("You said"), "{events:?}");
    assert_eq!(count(&events, &Event::Retrying), 0, "nobody has to know");
    assert_eq!(peer.prompts().len(), 3);
    ask().await;
    let requests = peer.prompts();
    assert_eq!(requests.len(), 4, "what was learned is not asked again");
    let last = &requests[3].body;
    assert_eq!(
        (&last["max_completion_tokens"], last.get("max_tokens"), last.get("temperature")),
        (&64.into(), None, None)
    );
}

#[tokio::test]
async fn a_prompt_that_is_too_long_is_shortened_once() {
    let peer = Peer::start().await;
    peer.enqueue(Script::error(400, "context_length_exceeded", "SECRET"));
    let models = models(local(Provider::Ollama, &peer));
    let chosen = models.choose(Some("ollama/small")).await.expect("it is configured");
    let turns = (0..21).map(|at| {
        let sender = if at % 2 == 0 { Sender::User } else { Sender::Assistant };
        said(sender, &format!("turn {at} {}", "x".repeat(400)))
    });
    let asked = Prompt { turns: turns.collect(), ..prompt("") };
    let events: Vec<_> = models.answer_with(&chosen, asked.clone(), QUICK).collect().await;
    assert!(matches!(events.first(), Some(Ok(Event::Trimmed))), "it is said: {events:?}");
    let lengths: Vec<_> =
        peer.prompts().iter().map(|request| request.body["messages"].as_array().map_or(0, Vec::len)).collect();
    assert!(lengths.len() == 2 && lengths[1] < lengths[0], "{lengths:?}");

    peer.enqueue(Script::error(400, "context_length_exceeded", "SECRET").times(2));
    let events: Vec<_> = models.answer_with(&chosen, asked, QUICK).collect().await;
    assert_eq!(
        failed(events.into_iter().filter(|event| !matches!(event, Ok(Event::Trimmed))).collect()).1.kind,
        LlmErrorKind::ContextTooLong
    );
}

#[tokio::test]
async fn what_a_model_counts_corrects_what_is_estimated() {
    let peer = Peer::start().await;
    let models = models(local(Provider::Ollama, &peer));
    let chosen = models.choose(Some("ollama/small")).await.expect("it is configured");
    let turns = (0..9).map(|at| {
        let sender = if at % 2 == 0 { Sender::User } else { Sender::Assistant };
        said(sender, &"x".repeat(900 + at))
    });
    let asked = Prompt { turns: turns.collect(), ..prompt("") };
    let ask = async |counted| {
        peer.enqueue(Script::stream().token("Hi").finish("stop").usage(counted, 1).done());
        models.answer_with(&chosen, asked.clone(), QUICK).collect::<Vec<_>>().await
    };
    assert!(!matches!(ask(6_000).await.first(), Some(Ok(Event::Trimmed))));
    assert!(matches!(ask(2_500).await.first(), Some(Ok(Event::Trimmed))), "it counts more than twice as much as we do");
}
