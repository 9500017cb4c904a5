//! The language models against a scripted peer on a real socket.

mod answers;
mod cases;
mod dialects;
mod faults;
mod lists;
mod patience;
mod retries;

use domain::{Clock, Sender};
use futures::StreamExt as _;
use llm::{AnswerOptions, Event, LlmError, LlmErrorKind, LlmSettings, Models, Prompt, Provider, Retry, Timeouts, Turn};
use std::time::Duration;
use testkit::peer::{Peer, Script};
use url::Url;

/// What no error and no list may show.
const KEY: &str = "sk-test-0123456789-secret";

/// Long enough for a busy machine, short enough that a broken test ends.
const PATIENT: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    first_byte: Duration::from_secs(20),
    idle: Duration::from_secs(20),
    content: Duration::from_secs(20),
    list: Duration::from_secs(20),
};

fn base(peer: &Peer) -> Url {
    peer.url().join("v1").expect("a path makes a URL")
}

/// The peer in the place of OpenAI.
fn openai(peer: &Peer) -> LlmSettings {
    LlmSettings { openai_key: Some(KEY.into()), openai_base_url: Some(base(peer)), ..LlmSettings::default() }
}

fn models(settings: LlmSettings) -> Models {
    models_with(settings, PATIENT)
}

fn models_with(settings: LlmSettings, timeouts: Timeouts) -> Models {
    Models::with(settings, |_| timeouts, Clock::system()).expect("the settings are good")
}

fn said(sender: Sender, content: &str) -> Turn {
    Turn { sender, content: content.to_owned() }
}

fn prompt(text: &str) -> Prompt {
    Prompt { system: vec!["Be brief.".to_owned()], turns: vec![said(Sender::User, text)], ..Prompt::default() }
}

/// A single attempt: what a provider does wrong is what comes.
const ONCE: AnswerOptions =
    AnswerOptions { max_output_tokens: None, temperature: None, shape: None, brief: false, retry: Retry::ONCE };

/// Asks the peer as OpenAI, once, and gives everything that comes.
async fn ask(peer: &Peer) -> Vec<Result<Event, LlmError>> {
    ask_with(peer, PATIENT).await
}

async fn ask_with(peer: &Peer, timeouts: Timeouts) -> Vec<Result<Event, LlmError>> {
    let models = models_with(openai(peer), timeouts);
    let chosen = models.choose(Some("openai/some-model")).await.expect("it is configured");
    models.answer_with(&chosen, prompt("Hello"), ONCE).collect().await
}

/// The text of an answer that is expected to end in an error, and the error.
fn failed(mut events: Vec<Result<Event, LlmError>>) -> (String, LlmError) {
    let error = events.pop().expect("an event").expect_err("an error comes last");
    let text = text(&events);
    assert_eq!(error.is_cut(), !text.is_empty(), "an answer is cut when there was text");
    let shown = format!("{error} {error:?} {}", serde_json::to_string(&error.problem()).expect("a problem is JSON"));
    assert!(!shown.contains(KEY) && !shown.contains("SECRET"), "{shown}");
    (text, error)
}

/// Plays a script and gives the text and the error that it ends in.
async fn fault(script: Script) -> (String, LlmError) {
    let peer = Peer::start().await;
    peer.enqueue(script);
    failed(ask(&peer).await)
}

async fn kind(script: Script) -> LlmErrorKind {
    fault(script).await.1.kind
}

fn text(events: &[Result<Event, LlmError>]) -> String {
    events
        .iter()
        .filter_map(|event| if let Ok(Event::Text(text)) = event { Some(text.as_str()) } else { None })
        .collect()
}

/// The peer in the place of a provider.
fn local(provider: Provider, peer: &Peer) -> LlmSettings {
    let url = Some(peer.url());
    match provider {
        Provider::OpenAi => openai(peer),
        Provider::Anthropic => {
            LlmSettings { anthropic_key: Some(KEY.into()), anthropic_base_url: url, ..LlmSettings::default() }
        }
        Provider::Gemini => {
            LlmSettings { gemini_key: Some(KEY.into()), gemini_base_url: url, ..LlmSettings::default() }
        }
        Provider::LmStudio => LlmSettings { lm_studio_url: url, ..LlmSettings::default() },
        Provider::Ollama => LlmSettings { ollama_url: url, ..LlmSettings::default() },
    }
}
