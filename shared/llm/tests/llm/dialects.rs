use domain::{FinishReason, Usage};
use testkit::peer::{Dialect, fixture};

use super::*;

const HOSTED: [Provider; 3] = [Provider::OpenAi, Provider::Anthropic, Provider::Gemini];

pub(crate) fn dialect_of(provider: Provider) -> Dialect {
    match provider {
        Provider::Anthropic => Dialect::AnthropicMessages,
        Provider::Gemini => Dialect::GeminiGenerate,
        Provider::OpenAi | Provider::LmStudio | Provider::Ollama => Dialect::OpenAiChat,
    }
}

pub(crate) fn fixture_of(provider: Provider) -> &'static str {
    match dialect_of(provider) {
        Dialect::OpenAiChat => "openai_chat",
        Dialect::AnthropicMessages => "anthropic_messages",
        Dialect::GeminiGenerate => "gemini_generate",
    }
}

/// Asks the peer in the provider's place, once.
pub(crate) async fn ask(peer: &Peer, provider: Provider) -> Vec<Result<Event, LlmError>> {
    let models = models(local(provider, peer));
    let chosen = models.choose(Some(&format!("{}/some-model", provider.id()))).await.expect("it is configured");
    models.answer_with(&chosen, prompt("Hello"), ONCE).collect().await
}

#[tokio::test]
async fn every_provider_is_asked_in_its_dialect_with_its_key() {
    for provider in HOSTED {
        let peer = Peer::start().await;
        peer.enqueue(Script::fixture(&fixture(fixture_of(provider))));
        let events = ask(&peer, provider).await;
        assert_eq!(text(&events), "Hello 👩‍🚀", "{provider:?}");
        let request = peer.prompts().pop().expect("a request");
        let (path, header, value) = match provider {
            Provider::Anthropic => ("/v1/messages", "x-api-key", KEY.to_owned()),
            Provider::Gemini => {
                ("/v1beta/models/some-model:streamGenerateContent?alt=sse", "x-goog-api-key", KEY.to_owned())
            }
            _ => ("/v1/chat/completions", "authorization", format!("Bearer {KEY}")),
        };
        assert_eq!((request.path.as_str(), request.header(header)), (path, Some(value.as_str())));
        assert_eq!(request.last_prompt(), "Hello");
        let keys = request.headers.iter().filter(|(_, value)| value.contains(KEY)).count();
        assert_eq!(keys, 1, "the key is in one header and nowhere else");
        assert_eq!(request.header("anthropic-version").is_some(), provider == Provider::Anthropic);
    }
}

#[tokio::test]
async fn every_dialect_becomes_the_same_events() {
    for provider in HOSTED {
        let dialect = dialect_of(provider);
        let peer = Peer::start().await;
        let script =
            Script::stream_of(dialect).thinking("hm").token("Hel").token("lo").finish("stop").usage(9, 2).done();
        peer.enqueue(script);
        let events: Vec<_> = ask(&peer, provider).await.into_iter().map(|event| event.expect("no error")).collect();
        let usage = Usage { input_tokens: 9, output_tokens: 2, ..Usage::default() };
        let expected = [
            Event::Thinking("hm".to_owned()),
            Event::Text("Hel".to_owned()),
            Event::Text("lo".to_owned()),
            Event::Usage(usage),
            Event::Finished(FinishReason::Stop),
        ];
        assert_eq!(events, expected, "{provider:?}");
    }
}

#[tokio::test]
async fn a_model_stays_in_its_part_of_the_path() {
    let peer = Peer::start().await;
    let models = models(local(Provider::Gemini, &peer));
    for (model, path) in [
        ("gemini/../secrets?x=1", "/v1beta/models/..%2Fsecrets%3Fx=1:streamGenerateContent?alt=sse"),
        ("gemini/tuned#1", "/v1beta/models/tuned%231:streamGenerateContent?alt=sse"),
    ] {
        let chosen = models.choose(Some(model)).await.expect("it is configured");
        let _: Vec<_> = models.answer_with(&chosen, prompt("Hello"), ONCE).collect().await;
        assert_eq!(peer.prompts().pop().expect("a request").path, path);
    }
}

#[tokio::test]
async fn every_provider_lists_what_can_chat() {
    for provider in Provider::ALL {
        let peer = Peer::start().await;
        let models = models(local(provider, &peer));
        let list = models.list().await;
        let ids: Vec<_> = list.providers[0].models.iter().map(|model| model.id.clone()).collect();
        let id = provider.id();
        assert_eq!(ids, [format!("{id}/scripted-model"), format!("{id}/scripted-model-large")]);
        assert_eq!(list.default, Some(format!("{id}/scripted-model")));
        let refused = dialect_of(provider);
        peer.set_models(Script::error_of(refused, 401, "authentication_error", "SECRET"));
        let models = self::models(local(provider, &peer));
        let state = &models.list().await.providers[0];
        assert_eq!(state.state, llm::ProviderState::BadKey, "{provider:?}");
        assert_eq!(state.key.as_deref(), provider.key_setting(), "its setting is named");
        assert_eq!(models.list().await.without_keys().providers[0].key, None, "not for everybody");
    }
}

#[tokio::test]
async fn a_list_in_parts_is_read_to_its_end() {
    let peer = Peer::start().await;
    let page = |id: &str, more: bool| {
        let body = format!(r#"{{"data":[{{"id":"{id}"}}],"has_more":{more},"last_id":"{id}"}}"#);
        Script::response(200, "application/json", &body)
    };
    peer.set_models(page("claude-one", true));
    let models = models(local(Provider::Anthropic, &peer));
    let listing = models.list();
    let then = async {
        peer.until(|requests| !requests.is_empty()).await;
        peer.set_models(page("claude-two", false));
    };
    let (list, ()) = futures::join!(listing, then);
    let second = list.providers[0].models.last().map(|model| model.id.clone());
    assert_eq!(second.as_deref(), Some("anthropic/claude-two"));
    let requests = peer.requests();
    assert!(requests.last().is_some_and(|request| request.path.contains("after_id=claude-one")), "{requests:?}");
}
