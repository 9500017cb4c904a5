use std::time::Instant;

use testkit::peer::Step;

use super::*;

const SHORT: Duration = Duration::from_millis(150);

#[tokio::test]
async fn nobody_waits_for_ever_for_the_first_byte() {
    let slow_head = || Script::default().step(Step::Raw("HTTP/1.1 200 OK\r\ncontent-ty".to_owned()));
    for script in
        [Script::default().stall(), slow_head().stall(), Script::default().head(200, "text/event-stream").stall()]
    {
        let peer = Peer::start().await;
        peer.enqueue(script);
        let (_, error) = failed(ask_with(&peer, Timeouts { first_byte: SHORT, ..PATIENT }).await);
        assert_eq!(error.kind, LlmErrorKind::TimedOut);
        peer.until_client_gone().await;
    }
}

#[tokio::test]
async fn nobody_waits_for_ever_between_two_bytes() {
    let peer = Peer::start().await;
    peer.enqueue(Script::stream().token("Hel").stall());
    let (text, error) = failed(ask_with(&peer, Timeouts { idle: SHORT, ..PATIENT }).await);
    assert_eq!((text.as_str(), error.kind), ("Hel", LlmErrorKind::TimedOut));
    peer.until_client_gone().await;
}

#[tokio::test]
async fn a_slow_stream_is_no_silent_one() {
    let peer = Peer::start().await;
    // In sum far longer than the longest silence that is allowed; comments keep the stream alive.
    let pings = (0..15).fold(Script::stream(), |script, _| script.body(": ping\n\n"));
    peer.enqueue(pings.token("Hi").finish("stop").done().every(150));
    let timeouts = Timeouts { idle: Duration::from_millis(1_500), ..PATIENT };
    assert_eq!(text(&ask_with(&peer, timeouts).await), "Hi");
}

#[tokio::test]
async fn an_answer_that_is_whole_does_not_wait_for_the_end_of_its_stream() {
    let peer = Peer::start().await;
    peer.enqueue(Script::stream().token("Hi").finish("stop").stall());
    let events = ask_with(&peer, Timeouts { idle: SHORT, ..PATIENT }).await;
    assert!(matches!(events.last(), Some(Ok(Event::Finished(_)))), "{events:?}");
    peer.enqueue(Script::stream().token("Hi").finish("stop").done().stall());
    let started = Instant::now();
    let events = ask(&peer).await;
    assert!(matches!(events.last(), Some(Ok(Event::Finished(_)))), "{events:?}");
    assert!(started.elapsed() < PATIENT.idle / 2);
}

#[tokio::test]
async fn an_error_that_never_ends_is_told_by_its_status() {
    let peer = Peer::start().await;
    peer.enqueue(Script::default().head(503, "text/plain").body("busy").stall());
    let (_, error) = failed(ask_with(&peer, Timeouts { idle: SHORT, ..PATIENT }).await);
    assert_eq!((error.kind, error.status), (LlmErrorKind::ProviderDown, Some(503)));
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_unreachable() {
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    drop(listener);
    let settings = LlmSettings { lm_studio_url: format!("http://{address}").parse().ok(), ..LlmSettings::default() };
    let models = models(settings);
    let chosen = models.choose(Some("lm_studio/m")).await.expect("it is configured");
    let (_, error) = failed(models.answer_with(&chosen, prompt("Hello"), ONCE).collect().await);
    assert_eq!((error.kind, error.status), (LlmErrorKind::Unreachable, None));
    assert!(error.problem().detail.contains("LM_STUDIO_URL"));
}
