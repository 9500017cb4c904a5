/// Whether a model can chat, by its name: lists do not say what a model is for.
pub(super) fn can_chat(model: &str) -> bool {
    const OTHERS: [&str; 14] = [
        "embed",
        "rerank",
        "whisper",
        "transcribe",
        "tts",
        "dall-e",
        "image",
        "moderation",
        "realtime",
        "audio",
        "sora",
        "bge-",
        "colbert",
        "stable-diffusion",
    ];
    let name = model.to_ascii_lowercase();
    let named_by_domain = domain::ModelId::parse("model", model).is_ok();
    named_by_domain && !OTHERS.iter().any(|other| name.contains(other))
}

/// Whether one of OpenAI's models answers chat completions: the rest know only its other interfaces.
pub(super) fn speaks_chat_completions(model: &str) -> bool {
    let family = ["gpt-", "o1", "o3", "o4", "chatgpt-"].iter().any(|beginning| model.starts_with(beginning));
    let other = ["instruct", "-pro", "codex", "deep-research", "search", "computer-use"]
        .iter()
        .any(|part| model.contains(part));
    family && !other
}
