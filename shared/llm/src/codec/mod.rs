//! The wire formats. A codec is pure: it makes the body of a request, and turns the bytes of a response into events. Each format
//! is one module and one variant of [`Format`]; what they share (framing, limits, errors in unexpected places) is in `decoder`.

mod anthropic_messages;
mod decoder;
mod gemini_generate;
mod openai_chat;
mod request;
mod sse;
mod stray;
mod surrogates;
mod text;
mod think;

pub use self::decoder::{Decoder, Progress};
pub(crate) use self::request::{Request, body};

use self::anthropic_messages::AnthropicMessages;
use self::gemini_generate::GeminiGenerate;
use self::openai_chat::OpenAiChat;
use crate::{Event, LlmErrorKind};

/// The wire formats that are spoken.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Format {
    /// OpenAI's chat completions, which LM Studio, Ollama and many others speak too.
    OpenAiChat,
    /// Anthropic's messages.
    AnthropicMessages,
    /// Gemini's `generateContent`.
    GeminiGenerate,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::OpenAiChat, Self::AnthropicMessages, Self::GeminiGenerate];
}

/// Reads one answer of a format.
#[derive(Debug)]
enum Codec {
    OpenAiChat(OpenAiChat),
    AnthropicMessages(AnthropicMessages),
    GeminiGenerate(GeminiGenerate),
}

impl Codec {
    fn new(format: Format) -> Self {
        match format {
            Format::OpenAiChat => Self::OpenAiChat(OpenAiChat::default()),
            Format::AnthropicMessages => Self::AnthropicMessages(AnthropicMessages::default()),
            Format::GeminiGenerate => Self::GeminiGenerate(GeminiGenerate::default()),
        }
    }

    /// How far the answer is.
    fn progress(&self) -> Progress {
        match self {
            Self::OpenAiChat(codec) => codec.progress(),
            Self::AnthropicMessages(codec) => codec.progress(),
            Self::GeminiGenerate(codec) => codec.progress(),
        }
    }

    /// Takes one event of the stream.
    fn decode(&mut self, event: Option<&str>, data: &str, events: &mut Vec<Event>) -> Result<Progress, LlmErrorKind> {
        match self {
            Self::OpenAiChat(codec) => codec.decode(event, data, events),
            Self::AnthropicMessages(codec) => codec.decode(event, data, events),
            Self::GeminiGenerate(codec) => codec.decode(data, events),
        }
    }

    /// Takes a whole response that is one JSON document.
    fn whole(&mut self, body: &str, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        match self {
            Self::OpenAiChat(codec) => codec.whole(body, events),
            Self::AnthropicMessages(codec) => codec.whole(body, events),
            Self::GeminiGenerate(codec) => codec.whole(body, events),
        }
    }

    /// Closes the answer. It is whole when the model said why it stopped; that the stream ended says nothing.
    fn end(&mut self, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        match self {
            Self::OpenAiChat(codec) => codec.end(events),
            Self::AnthropicMessages(codec) => codec.end(events),
            Self::GeminiGenerate(codec) => codec.end(events),
        }
    }
}
