use domain::{FinishReason, Usage};
use futures::future::join_all;

use super::*;

#[tokio::test]
async fn a_good_stream_becomes_text_usage_and_an_end() {
    let peer = Peer::start().await;
    peer.enqueue(Script::stream().thinking("hm").token("Hel").token("lo").finish("stop").usage(9, 2).done());
    let events: Vec<_> = ask(&peer).await.into_iter().map(|event| event.expect("no error")).collect();
    let usage = Usage { input_tokens: 9, output_tokens: 2, ..Usage::default() };
    assert_eq!(
        events,
        [
            Event::Thinking("hm".to_owned()),
            Event::Text("Hel".to_owned()),
            Event::Text("lo".to_owned()),
            Event::Usage(usage),
            Event::Finished(FinishReason::Stop),
        ]
    );
}

#[tokio::test]
async fn the_request_carries_key_model_and_prompt_and_no_more() {
    let peer = Peer::start().await;
    peer.enqueue(Script::tokens(["Hi"]));
    ask(&peer).await;
    let request = peer.prompts().pop().expect("a request");
    assert_eq!(request.path, "/v1/chat/completions");
    assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(request.header("accept-encoding"), None);
    assert_eq!(request.body["model"], "some-model");
    assert_eq!(request.body["stream"], true);
    assert_eq!(request.body["messages"][0]["content"], "Be brief.");
    assert_eq!(request.last_prompt(), "Hello");
    let names: Vec<_> = request.body.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(names, ["messages", "model", "stream", "stream_options"]);
}

#[tokio::test]
async fn lm_studio_and_ollama_are_asked_without_a_key_and_below_v1() {
    for (provider, id) in [(Provider::LmStudio, "lm_studio/qwen/qwen3-8b"), (Provider::Ollama, "ollama/qwen/qwen3-8b")]
    {
        let peer = Peer::start().await;
        peer.enqueue(Script::tokens(["Hi"]));
        let models = models(local(provider, &peer));
        let chosen = models.choose(Some(id)).await.expect("it is configured");
        assert_eq!((chosen.id(), chosen.provider()), (id, provider.id()));
        let options = AnswerOptions { max_output_tokens: Some(64), ..ONCE };
        let events: Vec<_> = models.answer_with(&chosen, prompt("Hello"), options).collect().await;
        assert_eq!(text(&events), "Hi");
        let request = peer.prompts().pop().expect("a request");
        assert_eq!(request.path, "/v1/chat/completions");
        assert_eq!(request.header("authorization"), None);
        assert_eq!(request.body["model"], "qwen/qwen3-8b");
        assert_eq!(request.body["max_tokens"], 64);
    }
}

#[tokio::test]
async fn characters_and_lines_cut_anywhere_are_whole_again() {
    let whole = "naïve 日本語 👩‍🚀";
    for size in [1, 2, 3, 7] {
        let peer = Peer::start().await;
        peer.enqueue(Script::tokens([whole]).in_pieces_of(size));
        assert_eq!(text(&ask(&peer).await), whole, "pieces of {size}");
    }
}

#[tokio::test]
async fn every_framing_of_http_will_do() {
    let body = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    for framing in ["transfer-encoding: chunked", "content-length: 88", "connection: close"] {
        let body = if framing.starts_with("transfer") {
            format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len())
        } else {
            body.to_owned()
        };
        let peer = Peer::start().await;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n{framing}\r\n\r\n");
        let script = Script::default().step(testkit::peer::Step::Raw(format!("{head}{body}")));
        peer.enqueue(script);
        assert_eq!(text(&ask(&peer).await), "Hi", "{framing}");
    }
}

#[tokio::test]
async fn an_answer_is_whole_when_the_model_said_why_it_stopped() {
    let whole = || Script::stream().token("Hi").finish("stop");
    for script in [whole(), whole().close(), whole().reset()] {
        let peer = Peer::start().await;
        peer.enqueue(script);
        let events = ask(&peer).await;
        assert!(matches!(events.last(), Some(Ok(Event::Finished(FinishReason::Stop)))), "{events:?}");
        let estimated =
            events.iter().find_map(|event| if let Ok(Event::Usage(usage)) = event { Some(usage) } else { None });
        assert!(estimated.is_some_and(|usage| usage.estimated && usage.output_tokens > 0), "{events:?}");
    }
}

#[tokio::test]
async fn a_completion_that_is_no_stream_is_taken_too() {
    let peer = Peer::start().await;
    let body = r#"{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#;
    peer.enqueue(Script::response(200, "application/json", body));
    assert_eq!(text(&ask(&peer).await), "Hi");
}

#[tokio::test]
async fn connections_serve_one_answer_after_another() {
    let peer = Peer::start().await;
    let models = models(openai(&peer));
    let chosen = models.choose(Some("openai/m")).await.expect("it is configured");
    for _ in 0..10 {
        peer.enqueue(Script::tokens(["Hi"]));
        let events: Vec<_> = models.answer_with(&chosen, prompt("Hello"), ONCE).collect().await;
        assert_eq!(text(&events), "Hi");
    }
    // How often the pool is a little too late is not ours.
    assert!(peer.connections() < 5, "{} connections", peer.connections());
}

#[tokio::test]
async fn dropping_the_answer_closes_the_connection() {
    let peer = Peer::start().await;
    peer.enqueue(Script::stream().token("Hel").stall());
    let models = models(openai(&peer));
    let chosen = models.choose(Some("openai/m")).await.expect("it is configured");
    let mut answer = models.answer_with(&chosen, prompt("Hello"), ONCE);
    assert!(matches!(answer.next().await, Some(Ok(Event::Text(text))) if text == "Hel"));
    drop(answer);
    peer.until_client_gone().await;
}

#[tokio::test]
async fn older_turns_are_left_out_and_it_is_said() {
    let peer = Peer::start().await;
    let models = models(local(Provider::Ollama, &peer));
    let chosen = models.choose(Some("ollama/small")).await.expect("it is configured");
    let turns = (0..40).map(|at| {
        let sender = if at % 2 == 0 { Sender::User } else { Sender::Assistant };
        said(sender, &format!("turn {at} {}", "x".repeat(1_000)))
    });
    let turns = turns.chain([said(Sender::User, "the last")]).collect();
    peer.enqueue(Script::tokens(["Hi"]));
    let events: Vec<_> = models.answer(&chosen, Prompt { turns, ..prompt("") }).collect().await;
    assert!(matches!(events.first(), Some(Ok(Event::Trimmed))), "{events:?}");
    let request = peer.prompts().pop().expect("a request");
    let messages = request.body["messages"].as_array().expect("messages");
    assert!(messages.len() < 20, "{} messages", messages.len());
    assert_eq!((&messages[0]["role"], &messages[1]["role"]), (&"system".into(), &"user".into()));
    assert_eq!(request.last_prompt(), "the last");
}

#[tokio::test]
async fn sixty_four_answers_stream_at_once() {
    let peer = Peer::start().await;
    let script = Script::stream().token("Hi").hold("all have begun").token(" there").finish("stop").done();
    peer.enqueue(script.times(64));
    let models = models(openai(&peer));
    let chosen = models.choose(Some("openai/m")).await.expect("it is configured");
    let answers = join_all((0..64).map(|_| models.answer(&chosen, prompt("Hello")).collect::<Vec<_>>()));
    let all_begun = async {
        peer.until(|requests| {
            requests.iter().filter(|request| request.method == "POST" && request.sent_bytes > 0).count() == 64
        })
        .await;
        peer.release("all have begun");
    };
    let (answers, ()) = futures::join!(answers, all_begun);
    assert!(answers.iter().all(|events| text(events) == "Hi there"));
}

#[tokio::test]
async fn without_a_script_the_peer_answers_in_markdown() {
    let peer = Peer::start().await;
    let events = ask(&peer).await;
    assert!(text(&events).starts_with("You said: “Hello”\n\n"));
    assert!(matches!(events.last(), Some(Ok(Event::Finished(FinishReason::Stop)))));
}
