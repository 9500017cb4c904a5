use bytes::Bytes;

use super::sse::Sse;
use super::stray::Stray;
use super::{Codec, Format};
use crate::failure::{ErrorWords, kind_in_stream};
use crate::{Event, LlmErrorKind};

/// How much of a stream is read, in bytes. None of it is kept, so this only ends what never ends: the longest answers of today
/// (128 k tokens, 300 bytes of framing each) come to 40 MB.
const BODY_LIMIT: usize = 64 * 1024 * 1024;
/// How large a response may be that is one document and has to be kept, in bytes.
const WHOLE_LIMIT: usize = 8 * 1024 * 1024;
/// How much text and thinking is taken from one answer, in bytes.
const ANSWER_LIMIT: usize = 2 * 1024 * 1024;

/// Turns the body of one response into events, in whatever pieces it comes. It waits for nothing and keeps little: the event that
/// is not whole yet.
///
/// ```
/// use bytes::Bytes;
/// use llm::{Decoder, Event, Format, Progress};
///
/// let mut decoder = Decoder::new(Format::OpenAiChat, Some("text/event-stream"))?;
/// let mut events = Vec::new();
/// decoder.feed(&Bytes::from_static(b"data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\nda"), &mut events)?;
/// assert_eq!(events, [Event::Text("Hel".to_owned())]);
/// assert_eq!(decoder.progress(), Progress::More);
/// # Ok::<(), llm::LlmErrorKind>(())
/// ```
#[derive(Debug)]
pub struct Decoder {
    codec: Codec,
    framing: Framing,
    read: usize,
    written: usize,
}

#[derive(Debug)]
enum Framing {
    /// Server-sent events.
    Events { sse: Box<Sse>, stray: Stray, decoded: bool },
    /// One JSON document: some servers answer so although a stream was asked for.
    Whole(Vec<u8>),
}

/// Whether more is to be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Progress {
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
    /// [`LlmErrorKind::NotUnderstood`] when no answer comes as such a type.
    pub fn new(format: Format, content_type: Option<&str>) -> Result<Self, LlmErrorKind> {
        let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let framing = match kind.as_str() {
            "application/json" => Framing::Whole(Vec::new()),
            // Some servers leave it out or call it plain text.
            "text/event-stream" | "text/plain" | "" => {
                Framing::Events { sse: Box::default(), stray: Stray::default(), decoded: false }
            }
            _ => return Err(LlmErrorKind::NotUnderstood),
        };
        Ok(Self { codec: Codec::new(format), framing, read: 0, written: 0 })
    }

    /// How far the answer is.
    pub fn progress(&self) -> Progress {
        self.codec.progress()
    }

    /// Takes the next bytes and adds what they say to `events`.
    ///
    /// # Errors
    /// What they say is a failure of the provider's, or no answer at all. What was added before stays true.
    pub fn feed(&mut self, bytes: &Bytes, events: &mut Vec<Event>) -> Result<Progress, LlmErrorKind> {
        self.read += bytes.len();
        let limit = if matches!(self.framing, Framing::Whole(_)) { WHOLE_LIMIT } else { BODY_LIMIT };
        if self.read > limit {
            return Err(LlmErrorKind::NotUnderstood);
        }
        let before = events.len();
        let progress = match &mut self.framing {
            Framing::Whole(body) => {
                body.extend_from_slice(bytes);
                return Ok(Progress::More);
            }
            Framing::Events { sse, stray, decoded } => {
                stray.feed(bytes);
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
    /// [`LlmErrorKind::Truncated`] when the answer is not whole, or what a document that is no event says.
    pub fn end(&mut self, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        let before = events.len();
        let ended = self.close(events);
        self.count(&events[before..])?;
        ended
    }

    fn close(&mut self, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        match &mut self.framing {
            Framing::Whole(body) => {
                let body = std::str::from_utf8(body).map_err(|_| LlmErrorKind::NotUnderstood)?;
                self.codec.whole(body.strip_prefix('\u{feff}').unwrap_or(body), events)?;
                self.codec.end(events)
            }
            Framing::Events { sse, stray, decoded } => {
                sse.end();
                if drain(&mut self.codec, sse, decoded, events)? == Progress::Done {
                    return Ok(());
                }
                // Some servers tell an error as a bare document, in the place of the stream or in the middle of it.
                if self.codec.progress() == Progress::More {
                    if let Some(words) = ErrorWords::in_body(stray.bytes()) {
                        return Err(kind_in_stream(&words));
                    }
                    if !*decoded && !stray.bytes().trim_ascii().is_empty() {
                        return Err(LlmErrorKind::NotUnderstood);
                    }
                }
                self.codec.end(events)
            }
        }
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

fn drain(
    codec: &mut Codec,
    sse: &mut Sse,
    decoded: &mut bool,
    events: &mut Vec<Event>,
) -> Result<Progress, LlmErrorKind> {
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
