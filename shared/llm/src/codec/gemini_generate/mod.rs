//! Gemini's `generateContent`, streamed.

mod request;

use domain::{FinishReason, Usage};
use serde::Deserialize;
use serde_json::Value;

use super::Progress;
use super::text::{parse, text_of};
use crate::failure::{ErrorWords, is_said, kind_in_stream};
use crate::{Event, LlmErrorKind};

pub(super) use self::request::request_body;

/// Reads one answer.
#[derive(Debug, Default)]
pub(super) struct GeminiGenerate {
    finish: Option<FinishReason>,
    /// The last one that came: each tells the sum so far.
    usage: Option<Usage>,
    wrote: bool,
    closed: bool,
}

/// A chunk of a stream, or a whole response; they look the same. Every field may be missing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk {
    candidates: Option<Vec<Candidate>>,
    prompt_feedback: Option<Feedback>,
    usage_metadata: Option<Value>,
    error: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    index: Option<u64>,
    content: Option<Content>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Content {
    parts: Option<Vec<Part>>,
}

#[derive(Deserialize)]
struct Part {
    text: Option<Value>,
    thought: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feedback {
    block_reason: Option<String>,
}

/// A response that is no stream: one, or all chunks as a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Whole {
    Chunks(Vec<Chunk>),
    Chunk(Box<Chunk>),
}

impl GeminiGenerate {
    /// How far the answer is. No event closes it: the end of the stream does, once the model has said why it stopped.
    pub(super) const fn progress(&self) -> Progress {
        match (self.closed, self.finish) {
            (true, _) => Progress::Done,
            (false, Some(_)) => Progress::Finishing,
            (false, None) => Progress::More,
        }
    }

    /// Takes one event of the stream.
    pub(super) fn decode(&mut self, data: &str, events: &mut Vec<Event>) -> Result<Progress, LlmErrorKind> {
        self.take(parse(data)?, events)?;
        Ok(self.progress())
    }

    /// Takes a whole response.
    pub(super) fn whole(&mut self, body: &str, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        match parse(body)? {
            Whole::Chunk(chunk) => self.take(*chunk, events),
            Whole::Chunks(chunks) => chunks.into_iter().try_for_each(|chunk| self.take(chunk, events)),
        }
    }

    /// Closes the answer. It is whole when the model said why it stopped; that the stream ended says nothing.
    pub(super) fn end(&mut self, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        if std::mem::replace(&mut self.closed, true) {
            return Ok(());
        }
        events.extend(self.usage.map(Event::Usage));
        let finish = self.finish.ok_or(LlmErrorKind::Truncated)?;
        if finish == FinishReason::Length && !self.wrote {
            return Err(LlmErrorKind::NothingWithinLimit);
        }
        events.push(Event::Finished(finish));
        Ok(())
    }

    fn take(&mut self, chunk: Chunk, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        if let Some(error) = chunk.error.as_ref().filter(|error| is_said(error)) {
            return Err(kind_in_stream(&ErrorWords::of(error)));
        }
        if let Some(usage) = chunk.usage_metadata.as_ref().and_then(read_usage) {
            self.usage = Some(usage);
        }
        // The prompt was blocked: there is no candidate, and there will be none.
        if chunk.prompt_feedback.and_then(|feedback| feedback.block_reason).is_some() {
            self.finish = Some(FinishReason::ContentFilter);
        }
        for candidate in chunk.candidates.into_iter().flatten().filter(|candidate| candidate.index.unwrap_or(0) == 0) {
            for part in candidate.content.and_then(|content| content.parts).into_iter().flatten() {
                let Some(text) = part.text.as_ref().and_then(text_of) else { continue };
                if part.thought == Some(true) {
                    events.push(Event::Thinking(text));
                } else {
                    self.wrote = true;
                    events.push(Event::Text(text));
                }
            }
            self.finish = candidate.finish_reason.as_deref().and_then(read_finish).or(self.finish);
        }
        Ok(())
    }
}

fn read_finish(reason: &str) -> Option<FinishReason> {
    match reason {
        "" | "FINISH_REASON_UNSPECIFIED" => None,
        "STOP" => Some(FinishReason::Stop),
        "MAX_TOKENS" => Some(FinishReason::Length),
        "SAFETY" | "RECITATION" | "LANGUAGE" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" => {
            Some(FinishReason::ContentFilter)
        }
        _ => Some(FinishReason::Other),
    }
}

fn read_usage(usage: &Value) -> Option<Usage> {
    let number = |name: &str| usage.get(name).and_then(Value::as_u64);
    let (input, written) = (number("promptTokenCount"), number("candidatesTokenCount"));
    // Without any text the number of what was written is left out.
    input.or(written)?;
    let thought = number("thoughtsTokenCount").unwrap_or(0);
    Some(Usage {
        input_tokens: input.unwrap_or(0),
        output_tokens: written.unwrap_or(0).saturating_add(thought),
        cached_tokens: number("cachedContentTokenCount").unwrap_or(0),
        reasoning_tokens: thought,
        estimated: false,
    })
}

#[cfg(test)]
mod tests;
