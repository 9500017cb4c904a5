use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Dialect, Fixture};

/// What the peer does with one request, step by step. It is JSON on the control API, with the same names.
///
/// After the last step the response ends as its framing wants it, unless a step ended it otherwise.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Only for a prompt whose last message of the user holds this text; without it, for the next prompt of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// How many requests it answers; once without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<usize>,
    /// Pauses before every piece of the body but the first, in milliseconds.
    #[serde(default)]
    pub every_ms: u64,
    /// How it speaks; what is not said here is said as it is written.
    #[serde(default)]
    pub dialect: Dialect,
    /// What is done, in this order.
    pub steps: Vec<Step>,
}

/// One thing that the peer does.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Sends the status line and the headers.
    Head {
        /// The status.
        status: u16,
        /// The headers; what the framing needs is added.
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// How the length of the body is told.
        #[serde(default)]
        framing: Framing,
    },
    /// Sends a piece of the body, in one write.
    Body(String),
    /// The same with bytes that need not be text.
    BodyBytes(Vec<u8>),
    /// Sends bytes as they are, outside the framing: a slow head, a broken chunk.
    Raw(String),
    /// Waits for this many milliseconds; ends early when the client is gone.
    PauseMs(u64),
    /// Waits until this name is released, before or after; ends early when the client is gone.
    Hold(String),
    /// Waits until the client is gone.
    Stall,
    /// Closes the connection without ending the body.
    Close,
    /// Resets the connection.
    Reset,
}

/// How the length of a body is told.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Framing {
    /// In chunks, one for each piece: an early end is noticed.
    #[default]
    Chunked,
    /// By a length that is said before, right or wrong.
    Length(usize),
    /// By the end of the connection.
    UntilClose,
}

impl Script {
    /// A good answer in these pieces, as OpenAI streams it.
    pub fn tokens<T: AsRef<str>>(tokens: impl IntoIterator<Item = T>) -> Self {
        Self::tokens_of(Dialect::OpenAiChat, tokens)
    }

    /// The same in another dialect.
    pub fn tokens_of<T: AsRef<str>>(dialect: Dialect, tokens: impl IntoIterator<Item = T>) -> Self {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut script = Self::stream_of(dialect);
        for token in &tokens {
            script = script.token(token.as_ref());
        }
        script.finish("stop").usage(9, tokens.len() as u64).done()
    }

    /// The beginning of a good answer: head and role. What follows is added with [`Script::token`] and the others.
    pub fn stream() -> Self {
        Self::stream_of(Dialect::OpenAiChat)
    }

    /// The same in another dialect.
    pub fn stream_of(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }.head(200, "text/event-stream").body(&dialect.opening())
    }

    /// A stream that was written by hand.
    pub fn fixture(fixture: &Fixture) -> Self {
        Self { dialect: fixture.dialect, ..Self::default() }.head(200, "text/event-stream").body(fixture.body)
    }

    /// A response that is no stream.
    pub fn response(status: u16, content_type: &str, body: &str) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        let head = Step::Head { status, headers, framing: Framing::Length(body.len()) };
        Self::default().step(head).step(Step::Body(body.to_owned()))
    }

    /// An error as OpenAI gives it.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::error_of(Dialect::OpenAiChat, status, code, message)
    }

    /// The same in another dialect.
    pub fn error_of(dialect: Dialect, status: u16, code: &str, message: &str) -> Self {
        Self::response(status, "application/json", &dialect.error(status, code, message).to_string())
    }

    /// A list of models as OpenAI gives it.
    pub fn models<M: AsRef<str>>(models: impl IntoIterator<Item = M>) -> Self {
        Self::models_of(Dialect::OpenAiChat, models)
    }

    /// The same in another dialect.
    pub fn models_of<M: AsRef<str>>(dialect: Dialect, models: impl IntoIterator<Item = M>) -> Self {
        let models: Vec<M> = models.into_iter().collect();
        let names: Vec<&str> = models.iter().map(M::as_ref).collect();
        Self::response(200, "application/json", &dialect.models(&names).to_string())
    }

    /// The whole body that it sends.
    pub fn whole_body(&self) -> Vec<u8> {
        let mut body = Vec::new();
        for step in &self.steps {
            match step {
                Step::Body(text) => body.extend_from_slice(text.as_bytes()),
                Step::BodyBytes(bytes) => body.extend_from_slice(bytes),
                _ => {}
            }
        }
        body
    }

    /// Only for a prompt whose last message of the user holds this text.
    #[must_use]
    pub fn when(mut self, text: &str) -> Self {
        self.when = Some(text.to_owned());
        self
    }

    /// For this many requests.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.times = Some(times);
        self
    }

    /// With this pause before every piece of the body but the first.
    #[must_use]
    pub fn every(mut self, milliseconds: u64) -> Self {
        self.every_ms = milliseconds;
        self
    }

    /// Then this step.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Then a head of a chunked response.
    #[must_use]
    pub fn head(self, status: u16, content_type: &str) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        self.step(Step::Head { status, headers, framing: Framing::Chunked })
    }

    /// With another header in the head.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        for step in &mut self.steps {
            if let Step::Head { headers, .. } = step {
                headers.push((name.to_owned(), value.to_owned()));
            }
        }
        self
    }

    /// Then this piece of the body.
    #[must_use]
    pub fn body(self, piece: &str) -> Self {
        self.step(Step::Body(piece.to_owned()))
    }

    /// Then this server-sent event.
    #[must_use]
    pub fn event(self, data: &Value) -> Self {
        self.body(&format!("data: {data}\n\n"))
    }

    /// Then this much of the answer's text.
    #[must_use]
    pub fn token(self, text: &str) -> Self {
        let piece = self.dialect.text(text);
        self.body(&piece)
    }

    /// Then this much thinking.
    #[must_use]
    pub fn thinking(self, text: &str) -> Self {
        let piece = self.dialect.thinking(text);
        self.body(&piece)
    }

    /// Then why the model stopped: `stop`, or another reason in the words of the dialect.
    #[must_use]
    pub fn finish(self, reason: &str) -> Self {
        let piece = self.dialect.finish(reason);
        self.body(&piece)
    }

    /// Then what was used.
    #[must_use]
    pub fn usage(self, input: u64, output: u64) -> Self {
        let piece = self.dialect.usage(input, output);
        self.body(&piece)
    }

    /// Then the end of the stream.
    #[must_use]
    pub fn done(self) -> Self {
        let piece = self.dialect.closing();
        self.body(&piece)
    }

    /// Then a pause.
    #[must_use]
    pub fn pause(self, milliseconds: u64) -> Self {
        self.step(Step::PauseMs(milliseconds))
    }

    /// Then nothing, until [`Peer::release`](super::Peer::release) is told this name.
    #[must_use]
    pub fn hold(self, name: &str) -> Self {
        self.step(Step::Hold(name.to_owned()))
    }

    /// Then nothing, until the client is gone.
    #[must_use]
    pub fn stall(self) -> Self {
        self.step(Step::Stall)
    }

    /// Then an end of the connection in the middle of the body.
    #[must_use]
    pub fn close(self) -> Self {
        self.step(Step::Close)
    }

    /// Then a reset of the connection.
    #[must_use]
    pub fn reset(self) -> Self {
        self.step(Step::Reset)
    }

    /// The same with the body in pieces of this many bytes, wherever that cuts a character or a line.
    #[must_use]
    pub fn in_pieces_of(mut self, bytes: usize) -> Self {
        let cut = |body: &[u8]| body.chunks(bytes.max(1)).map(|piece| Step::BodyBytes(piece.to_vec())).collect();
        self.steps = self
            .steps
            .into_iter()
            .flat_map(|step| match step {
                Step::Body(body) => cut(body.as_bytes()),
                Step::BodyBytes(body) => cut(&body),
                other => vec![other],
            })
            .collect();
        self
    }
}
