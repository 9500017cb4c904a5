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

use crate::codec::{Decoder, Format, Progress};
use crate::context::estimate_tokens;
use crate::endpoint::Endpoint;
use crate::failure::{self, ErrorWords};
use crate::{Event, LlmError, LlmErrorKind, Provider, Timeouts};

/// An answer as it comes. After an error or [`Event::Finished`] nothing follows. Dropping it ends the request.
pub type AnswerStream = BoxStream<'static, Result<Event, LlmError>>;

/// How much of an error's body is read.
const ERROR_LIMIT: usize = 256 * 1024;
/// How long an answer that is whole waits for what may follow it: usage, the end of the stream.
const CLOSING: Duration = Duration::from_secs(5);
/// How long the end of a body is waited for once nothing in it matters any more: less than a new connection costs.
const PARTING: Duration = Duration::from_millis(100);

/// Asks a provider once and reads its answer. `input_tokens` is what we believe the request to hold.
pub(crate) fn stream(
    endpoint: &Endpoint,
    timeouts: Timeouts,
    request: RequestBuilder,
    input_tokens: u64,
    clock: Clock,
) -> AnswerStream {
    let answering = Answering {
        provider: endpoint.provider,
        timeouts,
        phase: Phase::Asking(request, endpoint.provider.format()),
        ready: VecDeque::new(),
        about: About::default(),
        input_tokens,
        output_tokens: 0,
        usage_seen: false,
        after_text: false,
        last_content: Instant::now(),
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
    /// When the last piece of the answer came, or the request began.
    last_content: Instant,
    clock: Clock,
}

enum Phase {
    Asking(RequestBuilder, Format),
    Reading {
        body: BoxStream<'static, reqwest::Result<Bytes>>,
        decoder: Decoder,
        /// Until when the next bytes are waited for.
        deadline: Instant,
    },
    /// The answer is whole and handed out; reading the end of the body keeps the connection for the next one.
    Closing(BoxStream<'static, reqwest::Result<Bytes>>),
    Over,
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
                Phase::Asking(request, format) => self.ask(request, format).await,
                Phase::Reading { body, decoder, deadline } => self.read(body, decoder, deadline, &mut events).await,
            };
            for event in events {
                self.hand_out(event);
            }
            match step {
                Ok(phase) => self.phase = phase,
                Err(error) => {
                    // What was written was paid for, whole or not.
                    if self.output_tokens > 0 && !self.usage_seen {
                        self.ready.push_back(Ok(self.estimate()));
                    }
                    self.ready.push_back(Err(LlmError { after_text: self.after_text, ..error }));
                }
            }
        }
    }

    async fn ask(&mut self, request: RequestBuilder, format: Format) -> Result<Phase, LlmError> {
        self.last_content = Instant::now();
        let deadline = self.last_content + self.timeouts.first_byte;
        let sent = timeout_at(deadline, request.send()).await.map_err(|_| self.error(LlmErrorKind::TimedOut))?;
        let response = sent.map_err(|error| self.broken(error))?;
        self.about =
            About { status: Some(response.status().as_u16()), request_id: failure::request_id(response.headers()) };
        if !response.status().is_success() {
            return Err(self.refused(response).await);
        }
        let decoder = decoder(format, response.headers()).map_err(|kind| self.error(kind))?;
        Ok(Phase::Reading { body: response.bytes_stream().boxed(), decoder, deadline })
    }

    async fn read(
        &mut self,
        mut body: BoxStream<'static, reqwest::Result<Bytes>>,
        mut decoder: Decoder,
        deadline: Instant,
        events: &mut Vec<Event>,
    ) -> Result<Phase, LlmError> {
        let progress = match timeout_at(deadline, body.next()).await {
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
        let now = Instant::now();
        if !events.is_empty() {
            self.last_content = now;
        }
        let deadline = match progress {
            // Comments and pings keep a connection alive, but nobody waits for an answer of nothing else.
            Progress::More => (now + self.timeouts.idle).min(self.last_content + self.timeouts.content),
            Progress::Finishing => now + self.timeouts.idle.min(CLOSING),
            Progress::Done => return Ok(Phase::Closing(body)),
        };
        Ok(Phase::Reading { body, decoder, deadline })
    }

    fn hand_out(&mut self, event: Event) {
        match &event {
            Event::Text(text) | Event::Thinking(text) => {
                self.output_tokens += estimate_tokens(text);
                self.after_text |= matches!(event, Event::Text(_));
            }
            Event::Usage(_) => self.usage_seen = true,
            Event::Finished(_) if !self.usage_seen => self.ready.push_back(Ok(self.estimate())),
            _ => {}
        }
        self.ready.push_back(Ok(event));
    }

    fn estimate(&self) -> Event {
        let (input_tokens, output_tokens) = (self.input_tokens, self.output_tokens);
        Event::Usage(Usage { input_tokens, output_tokens, estimated: true, ..Usage::default() })
    }

    async fn refused(&mut self, response: Response) -> LlmError {
        let wait = failure::retry_after(response.headers(), self.clock.now());
        let body = read_some(response, self.timeouts.idle).await;
        let words = ErrorWords::in_body(&body).unwrap_or_default();
        let kind = failure::kind_of_response(self.about.status.unwrap_or_default(), &words);
        let refused = words.refused().filter(|_| kind == LlmErrorKind::RequestRefused);
        LlmError { retry_after: wait.or(words.retry_after()), refused, ..self.error(kind) }
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
fn decoder(format: Format, headers: &HeaderMap) -> Result<Decoder, LlmErrorKind> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // We do not ask for compression, so nobody should use it.
    if text(CONTENT_ENCODING).is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
        return Err(LlmErrorKind::NotUnderstood);
    }
    Decoder::new(format, text(CONTENT_TYPE))
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
