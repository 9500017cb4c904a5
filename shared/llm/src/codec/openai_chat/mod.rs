//! OpenAI's chat completions, as OpenAI, LM Studio, Ollama and many others speak them.

mod request;

use domain::{FinishReason, Usage};
use serde::Deserialize;
use serde_json::Value;

use super::Progress;
use super::text::{parse, text_of};
use super::think::Think;
use crate::failure::{ErrorWords, is_said, kind_in_stream};
use crate::{Event, LlmErrorKind};

pub(super) use self::request::request_body;

/// Reads one answer.
#[derive(Debug, Default)]
pub(super) struct OpenAiChat {
    finish: Option<FinishReason>,
    /// The last one that came: servers that send it with every chunk send the sum so far.
    usage: Option<Usage>,
    think: Think,
    wrote: bool,
    refused: bool,
    closed: bool,
}

/// A chunk of a stream, or a whole completion. Every field may be missing: servers differ in what they leave out.
#[derive(Deserialize)]
struct Chunk {
    choices: Option<Vec<Choice>>,
    usage: Option<Value>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    index: Option<u64>,
    /// What a chunk adds.
    delta: Option<Said>,
    /// What a whole completion says.
    message: Option<Said>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<Value>,
    reasoning_content: Option<Value>,
    reasoning: Option<Value>,
    refusal: Option<Value>,
}

impl OpenAiChat {
    /// How far the answer is.
    pub(super) const fn progress(&self) -> Progress {
        match (self.closed, self.finish) {
            (true, _) => Progress::Done,
            (false, Some(_)) => Progress::Finishing,
            (false, None) => Progress::More,
        }
    }

    /// Takes one event of the stream.
    pub(super) fn decode(
        &mut self,
        event: Option<&str>,
        data: &str,
        events: &mut Vec<Event>,
    ) -> Result<Progress, LlmErrorKind> {
        if data.trim() == "[DONE]" {
            self.end(events)?;
            return Ok(Progress::Done);
        }
        if event == Some("error") {
            let words = ErrorWords::in_body(data.as_bytes()).unwrap_or_default();
            return Err(kind_in_stream(&words));
        }
        self.read(data, events)?;
        Ok(self.progress())
    }

    /// Takes a whole completion.
    pub(super) fn whole(&mut self, body: &str, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        self.read(body, events)
    }

    /// Closes the answer. It is whole when the model said why it stopped; that the stream ended says nothing.
    pub(super) fn end(&mut self, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        if std::mem::replace(&mut self.closed, true) {
            return Ok(());
        }
        self.think.end(&mut |event| self.wrote |= push(events, event));
        events.extend(self.usage.map(Event::Usage));
        let finish = self.finish.ok_or(LlmErrorKind::Truncated)?;
        if finish == FinishReason::Length && !self.wrote {
            return Err(LlmErrorKind::NothingWithinLimit);
        }
        events.push(Event::Finished(if self.refused { FinishReason::Refusal } else { finish }));
        Ok(())
    }

    fn read(&mut self, json: &str, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        let chunk: Chunk = parse(json)?;
        if let Some(error) = chunk.error.as_ref().filter(|error| is_said(error)) {
            return Err(kind_in_stream(&ErrorWords::of(error)));
        }
        if let Some(usage) = chunk.usage.as_ref().and_then(read_usage) {
            self.usage = Some(usage);
        }
        // One answer was asked for; servers that number it differently still send one.
        for choice in chunk.choices.into_iter().flatten().filter(|choice| choice.index.unwrap_or(0) == 0) {
            self.take(choice, events)?;
        }
        Ok(())
    }

    fn take(&mut self, choice: Choice, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        if let Some(said) = choice.delta.or(choice.message) {
            let thinking =
                said.reasoning_content.as_ref().and_then(text_of).or(said.reasoning.as_ref().and_then(text_of));
            events.extend(thinking.map(Event::Thinking));
            let refusal = said.refusal.as_ref().and_then(text_of);
            self.refused |= refusal.is_some();
            let mut say = |event| self.wrote |= push(events, event);
            if let Some(content) = said.content.as_ref().and_then(text_of) {
                self.think.feed(content, &mut say);
            }
            if let Some(refusal) = refusal {
                say(Event::Text(refusal));
            }
        }
        match choice.finish_reason.as_deref() {
            None | Some("") => {}
            Some("error") => return Err(LlmErrorKind::ProviderDown),
            Some(reason) => self.finish = Some(read_finish(reason)),
        }
        Ok(())
    }
}

/// Adds an event; `true` says that it is text of the answer.
fn push(events: &mut Vec<Event>, event: Event) -> bool {
    let text = matches!(event, Event::Text(_));
    events.push(event);
    text
}

fn read_finish(reason: &str) -> FinishReason {
    match reason {
        "stop" | "end_turn" | "eos" => FinishReason::Stop,
        "length" | "max_tokens" => FinishReason::Length,
        "content_filter" => FinishReason::ContentFilter,
        "refusal" => FinishReason::Refusal,
        _ => FinishReason::Other,
    }
}

fn read_usage(usage: &Value) -> Option<Usage> {
    let number = |pointer: &str| usage.pointer(pointer).and_then(Value::as_u64);
    let (input, output) = (number("/prompt_tokens"), number("/completion_tokens"));
    if input.is_none() && output.is_none() {
        return None;
    }
    Some(Usage {
        input_tokens: input.unwrap_or(0),
        output_tokens: output.unwrap_or(0),
        cached_tokens: number("/prompt_tokens_details/cached_tokens").unwrap_or(0),
        reasoning_tokens: number("/completion_tokens_details/reasoning_tokens").unwrap_or(0),
        estimated: false,
    })
}

#[cfg(test)]
mod tests;
