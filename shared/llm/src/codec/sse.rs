use std::convert::Infallible;
use std::fmt;

use bytes::Bytes;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::{FutureExt as _, StreamExt as _};
use sse_stream::SseByteStream;

use crate::LlmErrorKind;

/// The largest event that is read, in bytes.
const EVENT_LIMIT: usize = 1024 * 1024;

/// Server-sent events out of bytes, in whatever pieces these come, without waiting for anything.
///
/// The parser is the library's, which is made for a stream: it is given one that has exactly the bytes that were fed.
pub(crate) struct Sse {
    input: UnboundedSender<Result<Bytes, Infallible>>,
    events: SseByteStream<UnboundedReceiver<Result<Bytes, Infallible>>>,
    /// Bytes since the last event: what the parser may be holding.
    held: usize,
}

impl Default for Sse {
    fn default() -> Self {
        let (input, bytes) = unbounded();
        Self { input, events: SseByteStream::new(bytes), held: 0 }
    }
}

impl Sse {
    /// Takes the next bytes; what they say is read with [`Sse::next`].
    pub(crate) fn feed(&mut self, bytes: Bytes) {
        self.held += bytes.len();
        // The other end is in `self`; it is closed only by an error, after which nothing is read.
        let _ = self.input.unbounded_send(Ok(bytes));
    }

    /// Says that nothing more comes. The last event counts although the blank line behind it is missing.
    pub(crate) fn end(&mut self) {
        let _ = self.input.unbounded_send(Ok(Bytes::from_static(b"\n\n")));
    }

    /// The next event that the bytes so far complete.
    pub(crate) fn next(&mut self) -> Result<Option<sse_stream::Sse>, LlmErrorKind> {
        match self.events.next().now_or_never() {
            Some(Some(Ok(event))) => {
                self.held = 0;
                let length = event.data.as_ref().map_or(0, String::len);
                if length > EVENT_LIMIT { Err(LlmErrorKind::NotUnderstood) } else { Ok(Some(event)) }
            }
            Some(Some(Err(_))) => Err(LlmErrorKind::NotUnderstood),
            Some(None) | None if self.held > EVENT_LIMIT => Err(LlmErrorKind::NotUnderstood),
            Some(None) | None => Ok(None),
        }
    }
}

impl fmt::Debug for Sse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sse").field("held", &self.held).finish_non_exhaustive()
    }
}
