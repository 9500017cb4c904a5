//! Anthropic's messages.

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
pub(super) struct AnthropicMessages {
    finish: Option<FinishReason>,
    used: Used,
    wrote: bool,
    closed: bool,
}

/// What was used, by the last number that came: each tells the sum so far, and a later one may leave some out.
#[derive(Debug, Default)]
struct Used {
    /// Whether the model's part is there: at the beginning of a stream it is not yet what will be.
    final_output: bool,
    input: u64,
    cache_written: u64,
    cache_read: u64,
    output: u64,
    thinking: u64,
}

/// An event of a stream, or a whole message. Every field may be missing: events of tomorrow look different.
#[derive(Deserialize)]
struct Frame {
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Of `message_start`.
    message: Option<Box<Frame>>,
    content_block: Option<Block>,
    /// Of a whole message.
    content: Option<Vec<Block>>,
    delta: Option<Delta>,
    /// Of a whole message; a stream has it in `delta`.
    stop_reason: Option<String>,
    usage: Option<Value>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: String,
}

impl Kind {
    fn is_known(&self) -> bool {
        let known =
            ["message_start", "content_block_start", "content_block_delta", "message_delta", "message_stop", "error"];
        known.contains(&self.kind.as_str())
    }
}

#[derive(Deserialize)]
struct Block {
    #[serde(rename = "type")]
    kind: Option<String>,
    text: Option<Value>,
    thinking: Option<Value>,
}

#[derive(Deserialize)]
struct Delta {
    #[serde(rename = "type")]
    kind: Option<String>,
    text: Option<Value>,
    thinking: Option<Value>,
    stop_reason: Option<String>,
}

impl AnthropicMessages {
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
        if event == Some("error") {
            let words = ErrorWords::in_body(data.as_bytes()).unwrap_or_default();
            return Err(kind_in_stream(&words));
        }
        let frame: Frame = match parse(data) {
            Ok(frame) => frame,
            // What is not known yet may have other members under the same names.
            Err(_) if parse::<Kind>(data).is_ok_and(|kind| !kind.is_known()) => return Ok(self.progress()),
            Err(kind) => return Err(kind),
        };
        if let Some(error) = frame.error.as_ref().filter(|error| is_said(error)) {
            return Err(kind_in_stream(&ErrorWords::of(error)));
        }
        match frame.kind.as_deref().or(event) {
            Some("message_start") => self.used.take(frame.message.and_then(|message| message.usage).as_ref()),
            Some("content_block_start") => {
                if let Some(block) = frame.content_block {
                    self.take(block.kind.as_deref(), block.text.as_ref(), block.thinking.as_ref(), events);
                }
            }
            Some("content_block_delta") => {
                if let Some(delta) = frame.delta {
                    self.take(delta.kind.as_deref(), delta.text.as_ref(), delta.thinking.as_ref(), events);
                }
            }
            Some("message_delta") => {
                self.used.take(frame.usage.as_ref());
                self.used.final_output |= frame.usage.is_some();
                let reason = frame.delta.and_then(|delta| delta.stop_reason);
                self.finish = reason.as_deref().map(read_finish).or(self.finish);
            }
            Some("message_stop") => self.end(events)?,
            // Pings, ends of blocks, and what is not known yet.
            _ => {}
        }
        Ok(self.progress())
    }

    /// Takes a whole message.
    pub(super) fn whole(&mut self, body: &str, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        let message: Frame = parse(body)?;
        if let Some(error) = message.error.as_ref().filter(|error| is_said(error)) {
            return Err(kind_in_stream(&ErrorWords::of(error)));
        }
        for block in message.content.into_iter().flatten() {
            self.take(block.kind.as_deref(), block.text.as_ref(), block.thinking.as_ref(), events);
        }
        self.used.take(message.usage.as_ref());
        self.used.final_output = message.usage.is_some();
        self.finish = message.stop_reason.as_deref().map(read_finish);
        Ok(())
    }

    /// Closes the answer. It is whole when the model said why it stopped; that the stream ended says nothing.
    pub(super) fn end(&mut self, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        if std::mem::replace(&mut self.closed, true) {
            return Ok(());
        }
        let finish = self.finish.ok_or(LlmErrorKind::Truncated)?;
        events.extend(self.used.usage().map(Event::Usage));
        if finish == FinishReason::Length && !self.wrote {
            return Err(LlmErrorKind::NothingWithinLimit);
        }
        events.push(Event::Finished(finish));
        Ok(())
    }

    /// Takes a block or a part of one: of its text the beginning may stand where it starts.
    fn take(&mut self, kind: Option<&str>, text: Option<&Value>, thinking: Option<&Value>, events: &mut Vec<Event>) {
        match kind {
            Some("text" | "text_delta") => {
                if let Some(text) = text.and_then(text_of) {
                    self.wrote = true;
                    events.push(Event::Text(text));
                }
            }
            Some("thinking" | "thinking_delta") => events.extend(thinking.and_then(text_of).map(Event::Thinking)),
            // Signatures, thinking that is kept secret, tools, and what is not known yet.
            _ => {}
        }
    }
}

impl Used {
    fn take(&mut self, usage: Option<&Value>) {
        let number = |pointer| usage.and_then(|usage| usage.pointer(pointer)).and_then(Value::as_u64);
        let set = |field: &mut u64, pointer| *field = number(pointer).unwrap_or(*field);
        set(&mut self.input, "/input_tokens");
        set(&mut self.cache_written, "/cache_creation_input_tokens");
        set(&mut self.cache_read, "/cache_read_input_tokens");
        set(&mut self.output, "/output_tokens");
        set(&mut self.thinking, "/output_tokens_details/thinking_tokens");
    }

    fn usage(&self) -> Option<Usage> {
        self.final_output.then(|| Usage {
            input_tokens: self.input.saturating_add(self.cache_written).saturating_add(self.cache_read),
            output_tokens: self.output,
            cached_tokens: self.cache_read,
            reasoning_tokens: self.thinking,
            estimated: false,
        })
    }
}

fn read_finish(reason: &str) -> FinishReason {
    match reason {
        "end_turn" | "stop_sequence" => FinishReason::Stop,
        "max_tokens" | "model_context_window_exceeded" => FinishReason::Length,
        "refusal" => FinishReason::Refusal,
        _ => FinishReason::Other,
    }
}

#[cfg(test)]
mod tests;
