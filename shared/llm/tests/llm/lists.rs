use domain::FinishReason;
use llm::{ModelItem, ProviderState};

use super::*;

fn ids(models: &[ModelItem]) -> Vec<&str> {
    models.iter().map(|model| model.id.as_str()).collect()
}

/// The state of a provider whose list is this.
async fn state(script: Script) -> (ProviderState, Option<String>) {
    let peer = Peer::start().await;
    peer.set_models(script);
    let models = models_with(local(Provider::LmStudio, &peer), Timeouts { list: Duration::from_secs(2), ..PATIENT });
    let list = models.list().await;
    assert!(!serde_json::to_string(&list).expect("a list is JSON").contains("SECRET"));
    (list.providers[0].state, list.default)
}

#[tokio::test]
async fn without_a_provider_the_built_in_model_answers() {
    let models = models(LlmSettings::default());
    let list = models.list().await;
    assert_eq!(list.default.as_deref(), Some("offline"));
    assert_eq!(list.providers.len(), 1);
    let chosen = models.choose(None).await.expect("there is always the built-in one");
    assert_eq!((chosen.id(), chosen.provider()), ("offline", "offline"));
    let events: Vec<_> = models.answer_with(&chosen, prompt("Hello"), ONCE).collect().await;
    assert!(text(&events).starts_with("No language model is configured"));
    assert!(matches!(events.last(), Some(Ok(Event::Finished(FinishReason::Stop)))));
}

#[tokio::test]
async fn what_can_chat_is_listed_and_the_first_of_it_is_the_default() {
    let peer = Peer::start().await;
    let models = models(openai(&peer));
    let list = models.list().await;
    assert_eq!(list.default.as_deref(), Some("openai/scripted-model"));
    let [openai, built_in] = list.providers.as_slice() else { panic!("{list:?}") };
    assert_eq!((openai.id.as_str(), openai.name.as_str(), openai.state), ("openai", "OpenAI", ProviderState::Ready));
    assert_eq!(ids(&openai.models), ["openai/scripted-model", "openai/scripted-model-large"]);
    assert_eq!(ids(&built_in.models), ["offline"]);
    assert_eq!(models.choose(None).await.expect("there is one").id(), "openai/scripted-model");
    let request = peer.requests().pop().expect("a request");
    assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert!(!serde_json::to_string(&list).expect("a list is JSON").contains(KEY));
}

#[tokio::test]
async fn a_provider_that_offers_nothing_has_a_state_and_no_stand_in() {
    assert_eq!(state(Script::models(["only-an-embedding"])).await, (ProviderState::NoModels, None));
    assert_eq!(state(Script::error(401, "invalid_api_key", "SECRET")).await, (ProviderState::BadKey, None));
    assert_eq!(state(Script::error(500, "server_error", "SECRET")).await, (ProviderState::Unreachable, None));
    assert_eq!(state(Script::response(200, "text/html", "<html>SECRET")).await, (ProviderState::Unreachable, None));
    assert_eq!(state(Script::default().reset()).await, (ProviderState::Unreachable, None));
}

#[tokio::test]
async fn a_list_that_does_not_come_is_not_waited_for() {
    let peer = Peer::start().await;
    peer.set_models(Script::default().stall());
    let timeouts = Timeouts { list: Duration::from_millis(150), ..PATIENT };
    let models = models_with(local(Provider::Ollama, &peer), timeouts);
    assert_eq!(models.list().await.providers[0].state, ProviderState::Unreachable);
    let error = models.choose(None).await.expect_err("the built-in model is never a silent stand-in");
    assert_eq!(error.kind, LlmErrorKind::Unreachable);
    assert!(error.problem().detail.contains("OLLAMA_URL"));
}

#[tokio::test]
async fn a_list_is_asked_for_once_in_a_few_seconds() {
    let peer = Peer::start().await;
    let clock = Clock::system();
    let fixed = Clock::fixed(clock.now());
    let models = Models::with(openai(&peer), |_| PATIENT, fixed.clone()).expect("the settings are good");
    let (one, other) = futures::join!(models.list(), models.list());
    assert_eq!(one, other);
    assert_eq!(peer.requests().len(), 1, "two at once ask once");
    peer.set_models(Script::models(["newer"]));
    assert_eq!(models.list().await, one);
    fixed.advance(chrono::TimeDelta::seconds(6));
    assert_eq!(
        models.choose(None).await.expect("there is one").id(),
        "openai/scripted-model",
        "a default may be older"
    );
    assert_eq!(models.list().await.default.as_deref(), Some("openai/newer"));
    assert_eq!(models.choose(None).await.expect("there is one").id(), "openai/newer");
}

#[tokio::test]
async fn the_configured_default_comes_first() {
    let peer = Peer::start().await;
    let with = |default: &str| LlmSettings { default_model: Some(default.to_owned()), ..openai(&peer) };
    let configured = models(with("openai/mine"));
    assert_eq!(configured.choose(None).await.expect("it is configured").id(), "openai/mine");
    assert_eq!(configured.list().await.default.as_deref(), Some("openai/mine"));
    assert_eq!(configured.choose(Some("openai/other")).await.expect("it is configured").id(), "openai/other");

    let elsewhere = models(with("ollama/llama3.2"));
    assert_eq!(elsewhere.list().await.default, None);
    let error = elsewhere.choose(None).await.expect_err("Ollama is not configured");
    assert_eq!((error.kind, error.provider), (LlmErrorKind::NotConfigured, Some(Provider::Ollama)));

    for wrong in ["gpt-5", "openai/", "nobody/model"] {
        let error = Models::new(with(wrong)).expect_err("the default is refused");
        assert!(error.to_string().starts_with("DEFAULT_MODEL must be a provider and a model"), "{wrong}");
    }
}

#[tokio::test]
async fn a_model_of_nobody_is_refused_in_words() {
    let models = models(LlmSettings::default());
    let refused = async |id: &str| {
        let error = models.choose(Some(id)).await.expect_err("the model is refused");
        (error.kind, error.problem().detail)
    };
    let (kind, detail) = refused("nobody/model").await;
    assert_eq!(kind, LlmErrorKind::UnknownProvider);
    assert!(detail.contains("openai, anthropic, gemini, lm_studio, ollama"), "{detail}");
    let (kind, detail) = refused("openai/gpt-5-mini").await;
    assert_eq!(kind, LlmErrorKind::NotConfigured);
    assert!(detail.contains("OPENAI_API_KEY"), "{detail}");
}

#[tokio::test]
async fn the_built_in_model_says_so_when_it_was_chosen() {
    let peer = Peer::start().await;
    let models = models(openai(&peer));
    let chosen = models.choose(Some("offline")).await.expect("there is always the built-in one");
    let events: Vec<_> = models.answer_with(&chosen, prompt("Hello"), ONCE).collect().await;
    assert!(text(&events).starts_with("You have chosen the built-in model"));
    assert!(peer.requests().is_empty());
}

#[tokio::test]
async fn settings_that_cannot_work_are_named() {
    let error = |settings: LlmSettings| Models::new(settings).expect_err("the settings are refused").to_string();
    let plain = Url::parse("http://example.com/v1").ok();
    let over_plain = LlmSettings { openai_key: Some(KEY.into()), openai_base_url: plain, ..LlmSettings::default() };
    assert!(error(over_plain).starts_with("OPENAI_BASE_URL must begin with https://"));
    let key = Some(format!("{KEY}\nline").into());
    let shown = error(LlmSettings { openai_key: key, ..LlmSettings::default() });
    assert!(shown.starts_with("OPENAI_API_KEY holds a character") && !shown.contains(KEY), "{shown}");
}
