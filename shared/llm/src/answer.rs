use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use domain::{Clock, Usage};
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use reqwest::{RequestBuilder, Response};
use tokio::time::{Instant, timeout, timeout_at};

use crate::codec::openai_chat::{self, Dialect, OpenAiChat};
use crate::codec::{Codec, Decoder, Progress};
use crate::context::{estimate_prompt, estimate_tokens, fit};
use crate::endpoint::Endpoint;
use crate::{AnswerOptions, Event, LlmError, LlmErrorKind, Prompt, Provider, Timeouts, failure};

/// An answer as it comes. After an error or [`Event::Finished`] nothing follows. Dropping it ends the request.
pub type AnswerStream = BoxStream<'static, Result<Event, LlmError>>;

/// How much of an error's body is read.
const ERROR_LIMIT: usize = 256 * 1024;
/// How long an answer that is whole waits for what may follow it: usage, the end of the stream.
const CLOSING: Duration = Duration::from_secs(5);
/// How long the end of a body is waited for once nothing in it matters any more: less than a new connection costs.
const PARTING: Duration = Duration::from_millis(100);

/// Asks a provider and reads its answer.
pub(crate) fn stream(
    endpoint: &Endpoint,
    model: &str,
    context_tokens: u32,
    mut prompt: Prompt,
    options: AnswerOptions,
    clock: Clock,
) -> AnswerStream {
    let trimmed = fit(&mut prompt, context_tokens);
    let dialect = if endpoint.is_openai_itself() { Dialect::OPENAI } else { Dialect::COMPATIBLE };
    let body = openai_chat::request_body(dialect, model, &prompt, options);
    let answering = Answering {
        provider: endpoint.provider,
        timeouts: endpoint.timeouts,
        phase: Phase::Asking(endpoint.post("/chat/completions", &body), Codec::OpenAiChat(OpenAiChat::default())),
        ready: trimmed.then_some(Ok(Event::Trimmed)).into_iter().collect(),
        about: About::default(),
        input_tokens: estimate_prompt(&prompt),
        output_tokens: 0,
        usage_seen: false,
        after_text: false,
        clock,
    };
    stream::unfold(answering, async |mut answering| answering.next().await.map(|item| (item, answering))).boxed()
}

/// One answer under way: the loop that drives any codec.
struct Answering {
    provider: Provider,
    timeouts: Timeouts,
    phase: Phase,
    ready: VecDeque<Result<Event, LlmError>>,
    about: About,
    /// Our estimates, for providers that give no numbers.
    input_tokens: u64,
    output_tokens: u64,
    usage_seen: bool,
    after_text: bool,
    clock: Clock,
}

enum Phase {
    Asking(RequestBuilder, Codec),
    Reading {
        body: BoxStream<'static, reqwest::Result<Bytes>>,
        decoder: Decoder,
        wait: Wait,
    },
    /// The answer is whole and handed out; reading the end of the body keeps the connection for the next one.
    Closing(BoxStream<'static, reqwest::Result<Bytes>>),
    Over,
}

/// How long is waited for the next bytes.
#[derive(Clone, Copy)]
enum Wait {
    /// The first ones, counted from the request.
    Until(Instant),
    /// Those after others.
    For(Duration),
}

/// What a response says about itself, for errors.
#[derive(Clone, Default)]
struct About {
    status: Option<u16>,
    request_id: Option<String>,
}

impl Answering {
    async fn next(&mut self) -> Option<Result<Event, LlmError>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item);
            }
            let mut events = Vec::new();
            let step = match std::mem::replace(&mut self.phase, Phase::Over) {
                Phase::Over => return None,
                Phase::Closing(body) => {
                    let _ = timeout(PARTING, body.for_each(async |_| ())).await;
                    return None;
                }
                Phase::Asking(request, codec) => self.ask(request, codec).await,
                Phase::Reading { body, decoder, wait } => self.read(body, decoder, wait, &mut events).await,
            };
            for event in events {
                self.hand_out(event);
            }
            match step {
                Ok(phase) => self.phase = phase,
                Err(error) => self.ready.push_back(Err(LlmError { after_text: self.after_text, ..error })),
            }
        }
    }

    async fn ask(&mut self, request: RequestBuilder, codec: Codec) -> Result<Phase, LlmError> {
        let deadline = Instant::now() + self.timeouts.first_byte;
        let sent = timeout_at(deadline, request.send()).await.map_err(|_| self.error(LlmErrorKind::TimedOut))?;
        let response = sent.map_err(|error| self.broken(error))?;
        self.about =
            About { status: Some(response.status().as_u16()), request_id: failure::request_id(response.headers()) };
        if !response.status().is_success() {
            return Err(self.refused(response).await);
        }
        let decoder = decoder(codec, response.headers()).map_err(|kind| self.error(kind))?;
        Ok(Phase::Reading { body: response.bytes_stream().boxed(), decoder, wait: Wait::Until(deadline) })
    }

    async fn read(
        &mut self,
        mut body: BoxStream<'static, reqwest::Result<Bytes>>,
        mut decoder: Decoder,
        wait: Wait,
        events: &mut Vec<Event>,
    ) -> Result<Phase, LlmError> {
        let arrived = match wait {
            Wait::Until(deadline) => timeout_at(deadline, body.next()).await,
            Wait::For(time) => timeout(time, body.next()).await,
        };
        let progress = match arrived {
            Ok(Some(Ok(bytes))) => decoder.feed(&bytes, events).map_err(|kind| self.error(kind))?,
            Ok(None) => {
                decoder.end(events).map_err(|kind| self.error(kind))?;
                return Ok(Phase::Over);
            }
            // An answer that is whole stays so, whatever becomes of the connection.
            _ if decoder.progress() == Progress::Finishing => {
                decoder.end(events).map_err(|kind| self.error(kind))?;
                return Ok(Phase::Over);
            }
            Ok(Some(Err(error))) => return Err(self.broken(error)),
            Err(_) => return Err(self.error(LlmErrorKind::TimedOut)),
        };
        let wait = match progress {
            Progress::More => Wait::For(self.timeouts.idle),
            Progress::Finishing => Wait::For(self.timeouts.idle.min(CLOSING)),
            Progress::Done => {
                return Ok(Phase::Closing(body));
            }
        };
        Ok(Phase::Reading { body, decoder, wait })
    }

    fn hand_out(&mut self, event: Event) {
        match &event {
            Event::Text(text) | Event::Thinking(text) => {
                self.output_tokens += estimate_tokens(text);
                self.after_text |= matches!(event, Event::Text(_));
            }
            Event::Usage(_) => self.usage_seen = true,
            Event::Finished(_) if !self.usage_seen => {
                let (input_tokens, output_tokens) = (self.input_tokens, self.output_tokens);
                let usage = Usage { input_tokens, output_tokens, estimated: true, ..Usage::default() };
                self.ready.push_back(Ok(Event::Usage(usage)));
            }
            Event::Finished(_) | Event::Trimmed => {}
        }
        self.ready.push_back(Ok(event));
    }

    async fn refused(&mut self, response: Response) -> LlmError {
        let retry_after = failure::retry_after(response.headers(), self.clock.now());
        let body = read_some(response, self.timeouts.idle).await;
        let status = self.about.status.unwrap_or_default();
        LlmError { retry_after, ..self.error(failure::kind_of_response(status, &body)) }
    }

    fn broken(&self, error: reqwest::Error) -> LlmError {
        let kind = if error.is_timeout() { LlmErrorKind::TimedOut } else { LlmErrorKind::Unreachable };
        let kind = if error.is_connect() { LlmErrorKind::Unreachable } else { kind };
        self.error(kind).because(error.without_url())
    }

    fn error(&self, kind: LlmErrorKind) -> LlmError {
        LlmError {
            status: self.about.status,
            provider_request_id: self.about.request_id.clone(),
            ..LlmError::new(kind, Some(self.provider))
        }
    }
}

/// A decoder for a response with these headers.
fn decoder(codec: Codec, headers: &HeaderMap) -> Result<Decoder, LlmErrorKind> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // We do not ask for compression, so nobody should use it.
    if text(CONTENT_ENCODING).is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
        return Err(LlmErrorKind::NotUnderstood);
    }
    Decoder::new(codec, text(CONTENT_TYPE))
}

/// The beginning of an error's body, as far as it comes.
async fn read_some(response: Response, idle: Duration) -> Vec<u8> {
    let mut body = response.bytes_stream();
    let mut read = Vec::new();
    while let Ok(Some(Ok(bytes))) = timeout(idle, body.next()).await {
        read.extend_from_slice(&bytes[..bytes.len().min(ERROR_LIMIT - read.len())]);
        if read.len() >= ERROR_LIMIT {
            break;
        }
    }
    read
}
