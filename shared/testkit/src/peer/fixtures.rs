/// A stream as a provider sends it, written by hand.
#[derive(Clone, Copy, Debug)]
pub struct Fixture {
    /// The file below `fixtures/`, without its ending.
    pub name: &'static str,
    /// Its format.
    pub dialect: super::Dialect,
    /// The body of the response.
    pub body: &'static str,
}

macro_rules! fixtures {
    ($($dialect:ident $name:literal),+ $(,)?) => {
        &[$(Fixture {
            name: $name,
            dialect: super::Dialect::$dialect,
            body: include_str!(concat!("../../fixtures/", $name, ".sse")),
        }),+]
    };
}

/// All of them.
pub const FIXTURES: &[Fixture] = fixtures![
    OpenAiChat "openai_chat",
    OpenAiChat "lm_studio_thinking",
    OpenAiChat "lm_studio_error_in_stream",
    OpenAiChat "openrouter_keepalive",
    AnthropicMessages "anthropic_messages",
    AnthropicMessages "anthropic_error_in_stream",
    GeminiGenerate "gemini_generate",
    GeminiGenerate "gemini_error_in_stream",
];

/// The fixture of this name.
///
/// # Panics
/// When there is none.
pub fn fixture(name: &str) -> Fixture {
    *FIXTURES.iter().find(|fixture| fixture.name == name).unwrap_or_else(|| panic!("there is no fixture {name}"))
}
