use super::lists::read;
use super::*;
use crate::{Provider, Timeouts, parse_base_url};

fn endpoint(provider: Provider, url: &str) -> Endpoint {
    let url = parse_base_url("OPENAI_BASE_URL", url).expect("a URL");
    Endpoint::new(provider, &url, None, Timeouts::of(provider)).expect("the settings are good")
}

fn names(endpoint: &Endpoint, body: &str) -> Option<Vec<String>> {
    Some(read(endpoint, body.as_bytes())?.models.into_iter().map(|model| model.id).collect())
}

fn items(endpoint: &Endpoint, body: &str) -> Vec<crate::ModelItem> {
    let models = read(endpoint, body.as_bytes()).expect("a list").models;
    models.iter().map(|model| model.item(model.id.clone(), endpoint)).collect()
}

#[test]
fn of_openai_only_what_answers_chat_completions_is_listed() {
    let openai = endpoint(Provider::OpenAi, "https://api.openai.com/v1");
    let body = r#"{"object":"list","data":[
        {"id":"gpt-4o","created":1}, {"id":"text-embedding-3-small","created":2}, {"id":"gpt-5-mini","created":5},
        {"id":"gpt-4o-realtime-preview","created":3}, {"id":"gpt-5-pro","created":6}, {"id":"whisper-1","created":0},
        {"id":"gpt-image-1","created":4}, {"id":"davinci-002","created":1}, {"id":"gpt-5-codex","created":9}]}"#;
    assert_eq!(names(&openai, body), Some(vec!["gpt-4o".to_owned(), "gpt-5-mini".to_owned()]));
}

#[test]
fn of_others_what_can_chat_is_listed_in_their_order_with_its_context() {
    let local = endpoint(Provider::LmStudio, "http://localhost:1234");
    let body = r#"{"data":[{"id":"qwen/qwen3-8b"},{"id":"text-embedding-nomic-embed-text-v1.5"},{"id":"llama-3.2-3b-instruct"},
        {"id":"has a space"}]}"#;
    assert_eq!(names(&local, body), Some(vec!["qwen/qwen3-8b".to_owned(), "llama-3.2-3b-instruct".to_owned()]));
    let hosted = endpoint(Provider::OpenAi, "https://openrouter.ai/api/v1");
    let body =
        r#"{"data":[{"id":"a/b","context_length":131072},{"id":"openai/gpt-4o"},{"id":"c","max_model_len":8192}]}"#;
    let contexts: Vec<_> = items(&hosted, body).into_iter().map(|model| model.context_tokens).collect();
    assert_eq!(contexts, [Some(131_072), Some(128_000), Some(8_192)]);
}

#[test]
fn anthropic_tells_what_its_models_can() {
    let anthropic = endpoint(Provider::Anthropic, "https://api.anthropic.com/v1");
    let body = r#"{"data":[{"type":"model","id":"claude-sonnet-5","display_name":"Claude Sonnet 5","created_at":"2026-08-01T00:00:00Z",
        "max_input_tokens":1000000,"max_tokens":128000,
        "capabilities":{"structured_outputs":{"supported":true},"thinking":{"supported":true,"types":{"adaptive":{"supported":true}}}}},
        {"id":"claude-3-haiku-20240307","capabilities":null}],"has_more":true,"first_id":"claude-sonnet-5","last_id":"claude-3-haiku-20240307"}"#;
    let page = read(&anthropic, body.as_bytes()).expect("a list");
    assert_eq!(page.next.as_deref(), Some("claude-3-haiku-20240307"), "there is more");
    let models = page.models;
    assert_eq!(models[0].known.output_tokens, Some(128_000));
    assert_eq!(models[0].known.thinking, Some(crate::capabilities::Thinking::Adaptive));
    assert_eq!((models[0].known.structured_output, models[1].known), (Some(true), Known::default()));
    let items = items(&anthropic, body);
    assert_eq!((items[0].name.as_str(), items[0].context_tokens), ("Claude Sonnet 5", Some(1_000_000)));
    assert_eq!(items[1].context_tokens, Some(200_000), "its family is known");
}

#[test]
fn of_gemini_only_what_generates_content_is_listed() {
    let gemini = endpoint(Provider::Gemini, "https://generativelanguage.googleapis.com/v1beta");
    let body = r#"{"models":[
        {"name":"models/gemini-2.5-flash","displayName":"Gemini 2.5 Flash","inputTokenLimit":1048576,"outputTokenLimit":65536,
         "supportedGenerationMethods":["generateContent","countTokens"],"thinking":true},
        {"name":"models/gemini-embedding-001","supportedGenerationMethods":["embedContent"]},
        {"name":"models/imagen-4","supportedGenerationMethods":["predict"]}],"nextPageToken":"p2"}"#;
    let page = read(&gemini, body.as_bytes()).expect("a list");
    assert_eq!(page.next.as_deref(), Some("p2"));
    let models = page.models;
    assert_eq!(models.len(), 1);
    assert_eq!((models[0].id.as_str(), models[0].known.output_tokens), ("gemini-2.5-flash", Some(65_536)));
    assert_eq!(models[0].known.thinking, Some(crate::capabilities::Thinking::Shown));
}

#[test]
fn what_is_no_list_is_told_from_an_empty_one() {
    let local = endpoint(Provider::Ollama, "http://localhost:11434");
    assert_eq!(names(&local, r#"{"object":"list","data":null}"#), Some(vec![]));
    assert_eq!(names(&local, r#"{"data":[]}"#), Some(vec![]));
    assert_eq!(names(&local, "<html>"), None);
    assert_eq!(names(&local, r#"{"data":"x"}"#), None);
    let gemini = endpoint(Provider::Gemini, "https://generativelanguage.googleapis.com/v1beta");
    assert_eq!(names(&gemini, "{}"), Some(vec![]));
    assert_eq!(names(&gemini, "[]"), None);
}
