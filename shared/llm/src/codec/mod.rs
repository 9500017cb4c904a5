//! The wire formats. A codec is pure: it makes the body of a request, and turns the bytes of a response into events. Each format
//! is one module and one variant of [`Codec`]; what they share (framing, limits, errors in unexpected places) is here.

pub(crate) mod openai_chat;
mod sse;
mod surrogates;

use bytes::Bytes;

use self::openai_chat::OpenAiChat;
use self::sse::Sse;
use crate::failure::{ErrorWords, kind_in_stream};
use crate::{Event, LlmErrorKind};

/// How much of an answer is read, in bytes: far beyond what a model writes.
const BODY_LIMIT: usize = 64 * 1024 * 1024;
/// How much text and thinking is taken from one answer, in bytes.
const ANSWER_LIMIT: usize = 4 * 1024 * 1024;
/// How much of the body is kept to look for an error in, should nothing else be found.
const HEAD: usize = 4 * 1024;

/// The wire formats.
#[derive(Debug)]
pub(crate) enum Codec {
    /// OpenAI's chat completions.
    OpenAiChat(OpenAiChat),
}

/// Turns the body of one response into events, in whatever pieces it comes.
#[derive(Debug)]
pub(crate) struct Decoder {
    codec: Codec,
    framing: Framing,
    read: usize,
    written: usize,
}

#[derive(Debug)]
enum Framing {
    /// Server-sent events.
    Events { sse: Box<Sse>, head: Vec<u8>, decoded: bool },
    /// One JSON document: some servers answer so although a stream was asked for.
    Whole(Vec<u8>),
}

/// Whether more is to be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Progress {
    /// The answer is not whole yet.
    More,
    /// What the model had to say is there; only what closes the answer may follow.
    Finishing,
    /// Nothing that follows matters.
    Done,
}

impl Decoder {
    /// A decoder of a response with this `content-type`.
    ///
    /// # Errors
    /// When no answer comes as such a type.
    pub(crate) fn new(codec: Codec, content_type: Option<&str>) -> Result<Self, LlmErrorKind> {
        let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let framing = match kind.as_str() {
            "application/json" => Framing::Whole(Vec::new()),
            // Some servers leave it out or call it plain text.
            "text/event-stream" | "text/plain" | "" => {
                Framing::Events { sse: Box::default(), head: Vec::new(), decoded: false }
            }
            _ => return Err(LlmErrorKind::NotUnderstood),
        };
        Ok(Self { codec, framing, read: 0, written: 0 })
    }

    /// How far the answer is.
    pub(crate) fn progress(&self) -> Progress {
        let Codec::OpenAiChat(codec) = &self.codec;
        codec.progress()
    }

    /// Takes the next bytes and adds what they say to `events`.
    pub(crate) fn feed(&mut self, bytes: &Bytes, events: &mut Vec<Event>) -> Result<Progress, LlmErrorKind> {
        self.read += bytes.len();
        if self.read > BODY_LIMIT {
            return Err(LlmErrorKind::NotUnderstood);
        }
        let before = events.len();
        let progress = match &mut self.framing {
            Framing::Whole(body) => {
                body.extend_from_slice(bytes);
                return Ok(Progress::More);
            }
            Framing::Events { sse, head, decoded } => {
                head.extend_from_slice(&bytes[..bytes.len().min(HEAD - head.len())]);
                sse.feed(bytes.clone());
                drain(&mut self.codec, sse, decoded, events)
            }
        };
        self.count(&events[before..])?;
        progress
    }

    /// Says that nothing more comes, and adds what closes the answer.
    ///
    /// # Errors
    /// [`LlmErrorKind::Truncated`] when the answer is not whole.
    pub(crate) fn end(&mut self, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        let before = events.len();
        let Codec::OpenAiChat(codec) = &mut self.codec;
        match &mut self.framing {
            Framing::Whole(body) => {
                codec.whole(body, events)?;
                codec.end(events)?;
            }
            Framing::Events { sse, head, decoded } => {
                sse.end();
                let last = drain(&mut self.codec, sse, decoded, events)?;
                if !*decoded && let Some(words) = ErrorWords::in_body(head) {
                    return Err(kind_in_stream(&words));
                }
                if !*decoded && !looks_like_events(head) {
                    return Err(LlmErrorKind::NotUnderstood);
                }
                let Codec::OpenAiChat(codec) = &mut self.codec;
                if last != Progress::Done {
                    codec.end(events)?;
                }
            }
        }
        self.count(&events[before..])
    }

    fn count(&mut self, events: &[Event]) -> Result<(), LlmErrorKind> {
        for event in events {
            if let Event::Text(text) | Event::Thinking(text) = event {
                self.written += text.len();
            }
        }
        if self.written > ANSWER_LIMIT { Err(LlmErrorKind::NotUnderstood) } else { Ok(()) }
    }
}

/// Whether a body that held no event began like one, or held nothing at all.
fn looks_like_events(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let fields: [&[u8]; 5] = [b":", b"data", b"event", b"id", b"retry"];
    head.is_empty() || fields.into_iter().any(|field| head.starts_with(field))
}

fn drain(
    codec: &mut Codec,
    sse: &mut Sse,
    decoded: &mut bool,
    events: &mut Vec<Event>,
) -> Result<Progress, LlmErrorKind> {
    let Codec::OpenAiChat(codec) = codec;
    let mut progress = codec.progress();
    while let Some(block) = sse.next()? {
        if let Some(data) = block.data.filter(|data| !data.trim().is_empty()) {
            *decoded = true;
            progress = codec.decode(block.event.as_deref(), &data, events)?;
            if progress == Progress::Done {
                break;
            }
        }
    }
    Ok(progress)
}
