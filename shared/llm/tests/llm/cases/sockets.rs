use std::time::Instant;

use testkit::peer::Step;

use super::*;

const SHORT: Duration = Duration::from_millis(200);

/// A head that never comes, bytes that stop, and comments without an answer are all given up.
#[tokio::test]
async fn case_43_slow_loris() {
    let slow_head = Script::default().step(Step::Raw("HTTP/1.1 200 OK\r\ncontent-ty".to_owned())).stall();
    for script in [Script::default().stall(), slow_head] {
        let peer = Peer::start().await;
        peer.enqueue(script);
        let (_, error) = failed(ask_with(&peer, Timeouts { first_byte: SHORT, ..PATIENT }).await);
        assert_eq!(error.kind, LlmErrorKind::TimedOut);
        peer.until_client_gone().await;
    }
    let peer = Peer::start().await;
    peer.enqueue(Script::stream().token("Hel").body("d").stall());
    let (text, error) = failed(ask_with(&peer, Timeouts { idle: SHORT, ..PATIENT }).await);
    assert_eq!((text.as_str(), error.kind), ("Hel", LlmErrorKind::TimedOut));

    let peer = Peer::start().await;
    let comments = (0..400).fold(Script::stream(), |script, _| script.body(": still here\n\n"));
    peer.enqueue(comments.token("Hi").finish("stop").done().every(20));
    let begun = Instant::now();
    let (_, error) = failed(ask_with(&peer, Timeouts { content: 3 * SHORT, ..PATIENT }).await);
    assert_eq!(error.kind, LlmErrorKind::TimedOut);
    assert!(begun.elapsed() < Duration::from_secs(5), "eight seconds of comments are not waited for");
    peer.until_client_gone().await;
}

/// An answer is read no faster than it is taken: what waits stays at the provider.
#[tokio::test]
async fn case_44_backpressure() {
    let peer = Peer::start().await;
    let piece = "x".repeat(64 * 1024);
    // More than sockets hold, less than an answer may be.
    let script = (0..30).fold(Script::stream().token("Hel"), |script, _| script.token(&piece));
    peer.enqueue((0..200).fold(script, |script, _| script.body(&format!(": {piece}\n\n"))).finish("stop").done());
    let models = models(super::super::openai(&peer));
    let chosen = models.choose(Some("openai/some-model")).await.expect("it is configured");
    let mut answer = models.answer_with(&chosen, prompt("Hello"), ONCE);
    assert!(matches!(answer.next().await, Some(Ok(Event::Text(text))) if text == "Hel"));
    // The peer goes on as long as somebody takes what it sends.
    let mut stopped = 0;
    loop {
        // That nothing happens any more can only be seen by waiting.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let sent = peer.prompts()[0].sent_bytes;
        if sent == std::mem::replace(&mut stopped, sent) {
            break;
        }
    }
    assert!(stopped < 14 * 1024 * 1024, "{stopped} bytes were taken though nobody read");
    let rest: Vec<_> = answer.collect().await;
    assert_eq!(text(&rest).len(), 30 * piece.len());
}

/// Whoever stops an answer closes the provider's connection within 100 ms, before the head and in the middle.
#[tokio::test]
async fn case_45_cancel() {
    for script in [Script::default().stall(), Script::stream().token("Hel").stall()] {
        let peer = Peer::start().await;
        peer.enqueue(script);
        let models = models(super::super::openai(&peer));
        let chosen = models.choose(Some("openai/some-model")).await.expect("it is configured");
        let mut answer = models.answer_with(&chosen, prompt("Hello"), ONCE);
        let asked = async { peer.until(|requests| requests.iter().any(|request| request.method == "POST")).await };
        // The request leaves while the answer is waited for.
        tokio::select! {
            () = async { while answer.next().await.is_some() {} } => panic!("it does not end"),
            _ = asked => {}
        }
        let begun = Instant::now();
        drop(answer);
        peer.until_client_gone().await;
        assert!(begun.elapsed() < Duration::from_millis(100), "{:?}", begun.elapsed());
    }
}
