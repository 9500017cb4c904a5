//! The bad streams, by their numbers: what each provider sends when something is wrong, and what becomes of it. A number that is not
//! here is a test of another room; `docs/providers.md` has the whole list.

mod errors;
mod framing;
mod invariants;
mod limits;
mod sockets;
mod stops;
mod streams;

use bytes::Bytes;
use llm::{Decoder, Format, Progress};
use testkit::peer::{Dialect, Script, fixture};

use super::*;

/// What came of a body: the events, and how it ended.
type Outcome = (Vec<Event>, Result<(), LlmErrorKind>);

const STREAM: &str = "text/event-stream";

fn format(dialect: Dialect) -> Format {
    match dialect {
        Dialect::OpenAiChat => Format::OpenAiChat,
        Dialect::AnthropicMessages => Format::AnthropicMessages,
        Dialect::GeminiGenerate => Format::GeminiGenerate,
    }
}

/// Decodes a body that comes in these pieces, as the loop does it.
fn decode_pieces<'a>(dialect: Dialect, content_type: &str, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut events = Vec::new();
    let outcome = (|| {
        let mut decoder = Decoder::new(format(dialect), Some(content_type))?;
        for piece in pieces {
            if decoder.feed(&Bytes::copy_from_slice(piece), &mut events)? == Progress::Done {
                return Ok(());
            }
        }
        decoder.end(&mut events)
    })();
    (events, outcome)
}

fn decode(dialect: Dialect, body: &[u8]) -> Outcome {
    decode_pieces(dialect, STREAM, [body])
}

fn openai(body: &str) -> Outcome {
    decode(Dialect::OpenAiChat, body.as_bytes())
}

fn anthropic(body: &str) -> Outcome {
    decode(Dialect::AnthropicMessages, body.as_bytes())
}

fn gemini(body: &str) -> Outcome {
    decode(Dialect::GeminiGenerate, body.as_bytes())
}

/// A stream of these documents, without anything around them.
fn data(documents: &[&str]) -> String {
    let events: Vec<_> = documents.iter().map(|document| format!("data: {document}\n\n")).collect();
    events.concat()
}

/// A chunk of OpenAI's with this delta, and perhaps a reason to stop.
fn chunk(delta: &str, finish: Option<&str>) -> String {
    let finish = finish.map_or("null".to_owned(), |finish| format!("{finish:?}"));
    format!(r#"{{"choices":[{{"index":0,"delta":{delta},"finish_reason":{finish}}}]}}"#)
}

fn written(outcome: &Outcome) -> String {
    outcome
        .0
        .iter()
        .filter_map(|event| if let Event::Text(text) = event { Some(text.as_str()) } else { None })
        .collect()
}

fn thought(outcome: &Outcome) -> String {
    let thinking = |event: &Event| if let Event::Thinking(text) = event { Some(text.clone()) } else { None };
    outcome.0.iter().filter_map(thinking).collect()
}

/// How it ended, if it ended well.
fn finish(outcome: &Outcome) -> Option<domain::FinishReason> {
    assert_eq!(outcome.1, Ok(()), "{:?}", outcome.0);
    outcome.0.iter().find_map(|event| if let Event::Finished(finish) = event { Some(*finish) } else { None })
}

fn usage(outcome: &Outcome) -> Vec<domain::Usage> {
    outcome.0.iter().filter_map(|event| if let Event::Usage(usage) = event { Some(*usage) } else { None }).collect()
}
