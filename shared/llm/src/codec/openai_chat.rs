//! OpenAI's chat completions, as OpenAI, LM Studio, Ollama and many others speak them.

use std::borrow::Cow;

use domain::{FinishReason, Sender, Usage};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Progress;
use super::surrogates::replace_lone;
use crate::failure::{ErrorWords, is_said, kind_in_stream};
use crate::{AnswerOptions, Event, LlmErrorKind, Prompt};

/// What differs between the servers that speak it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Dialect {
    /// The role of what is asked of every answer.
    pub(crate) system_role: &'static str,
    /// The field that limits an answer's length.
    pub(crate) limit_field: &'static str,
}

impl Dialect {
    /// OpenAI's own: its reasoning models know a developer and refuse `max_tokens`.
    pub(crate) const OPENAI: Self = Self { system_role: "developer", limit_field: "max_completion_tokens" };
    /// Everybody else's: what they all understand.
    pub(crate) const COMPATIBLE: Self = Self { system_role: "system", limit_field: "max_tokens" };
}

/// The body of a request for a streamed answer.
///
/// Roles alternate and no message is empty, because the chat templates of some models insist on it.
pub(crate) fn request_body(dialect: Dialect, model: &str, prompt: &Prompt, options: AnswerOptions) -> Value {
    let mut messages: Vec<(&str, String)> = Vec::new();
    let system = prompt.system.iter().map(|text| (dialect.system_role, text));
    let turns = prompt.turns.iter().map(|turn| match turn.sender {
        Sender::User => ("user", &turn.content),
        Sender::Assistant => ("assistant", &turn.content),
    });
    for (role, content) in system.chain(turns).filter(|(_, content)| !content.trim().is_empty()) {
        match messages.last_mut() {
            Some((last, text)) if *last == role => {
                text.push_str("\n\n");
                text.push_str(content);
            }
            _ => messages.push((role, content.clone())),
        }
    }
    let messages: Vec<_> = messages.iter().map(|(role, content)| json!({"role": role, "content": content})).collect();
    let mut body = Map::from_iter([
        ("model".to_owned(), json!(model)),
        ("messages".to_owned(), json!(messages)),
        ("stream".to_owned(), json!(true)),
        ("stream_options".to_owned(), json!({"include_usage": true})),
    ]);
    if let Some(limit) = options.max_output_tokens {
        body.insert(dialect.limit_field.to_owned(), json!(limit));
    }
    if let Some(temperature) = options.temperature {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    Value::Object(body)
}

/// Reads one answer.
#[derive(Debug, Default)]
pub(crate) struct OpenAiChat {
    finish: Option<FinishReason>,
    /// The last one that came: servers that send it with every chunk send the sum so far.
    usage: Option<Usage>,
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
    pub(crate) const fn progress(&self) -> Progress {
        match (self.closed, self.finish) {
            (true, _) => Progress::Done,
            (false, Some(_)) => Progress::Finishing,
            (false, None) => Progress::More,
        }
    }

    /// Takes one event of the stream.
    pub(crate) fn decode(
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
    pub(crate) fn whole(&mut self, body: &[u8], events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        let body = std::str::from_utf8(body).map_err(|_| LlmErrorKind::NotUnderstood)?;
        self.read(body.strip_prefix('\u{feff}').unwrap_or(body), events)
    }

    /// Closes the answer. It is whole when the model said why it stopped; that the stream ended says nothing.
    pub(crate) fn end(&mut self, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        if std::mem::replace(&mut self.closed, true) {
            return Ok(());
        }
        events.extend(self.usage.map(Event::Usage));
        let finish = self.finish.ok_or(LlmErrorKind::Truncated)?;
        if finish == FinishReason::Length && !self.wrote {
            return Err(LlmErrorKind::NothingWithinLimit);
        }
        events.push(Event::Finished(if self.refused { FinishReason::Refusal } else { finish }));
        Ok(())
    }

    fn read(&mut self, json: &str, events: &mut Vec<Event>) -> Result<(), LlmErrorKind> {
        let chunk = serde_json::from_str::<Chunk>(json)
            .or_else(|error| if json.contains("\\u") { serde_json::from_str(&replace_lone(json)) } else { Err(error) });
        let Ok(chunk) = chunk else {
            let words = ErrorWords::in_body(json.as_bytes());
            return Err(words.map_or(LlmErrorKind::NotUnderstood, |words| kind_in_stream(&words)));
        };
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
            for text in [said.content.as_ref().and_then(text_of), refusal].into_iter().flatten() {
                self.wrote = true;
                events.push(Event::Text(text));
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

/// The text of a member: a string, or a list of parts that have one. Empty is none, and no text holds U+0000, which a database
/// cannot store.
fn text_of(value: &Value) -> Option<String> {
    let text: Cow<'_, str> = match value {
        Value::String(text) => text.into(),
        Value::Array(parts) => parts.iter().filter_map(|part| part.get("text")?.as_str()).collect::<String>().into(),
        _ => return None,
    };
    if text.is_empty() {
        return None;
    }
    Some(if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.into_owned() })
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
