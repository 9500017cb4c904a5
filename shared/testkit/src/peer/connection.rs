use std::collections::HashSet;
use std::io;
use std::pin::pin;
use std::time::Duration;

use bytes::BytesMut;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::sleep;

use super::{Ending, Framing, PeerRequest, Script, Step};

/// A head or a body over this many bytes is no request of ours.
const REQUEST_LIMIT: usize = 64 * 1024 * 1024;

/// One connection of a client: requests come in, scripts go out.
pub(super) struct Connection {
    stream: TcpStream,
    /// What was read and not understood yet.
    read: BytesMut,
    released: Released,
}

/// The names that scripts need not wait for any more.
pub(super) type Released = watch::Receiver<HashSet<String>>;

/// The connection is of no use any more.
pub(super) struct Gone;

impl From<io::Error> for Gone {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl Connection {
    pub(super) fn new(stream: TcpStream, released: Released) -> io::Result<Self> {
        // Every piece leaves by itself, as the script has it.
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: BytesMut::new(), released })
    }

    /// The next request; the number is not known here.
    pub(super) async fn request(&mut self) -> Result<PeerRequest, Gone> {
        let (mut request, head, length) = loop {
            if let Some(parsed) = parse(&self.read)? {
                break parsed;
            }
            self.read_more().await?;
        };
        while self.read.len() < head + length {
            self.read_more().await?;
        }
        let read = self.read.split_to(head + length);
        request.body = serde_json::from_slice(&read[head..]).unwrap_or(Value::Null);
        Ok(request)
    }

    /// Plays a script; `sent` is told the bytes of the body as they go out. `Ok` says whether the connection can be used again.
    pub(super) async fn play(&mut self, script: &Script, mut sent: impl FnMut(usize)) -> (Ending, bool) {
        match self.play_steps(script, &mut sent).await {
            Ok(outcome) => outcome,
            Err(Gone) => (Ending::ClientGone, false),
        }
    }

    async fn play_steps(&mut self, script: &Script, sent: &mut impl FnMut(usize)) -> Result<(Ending, bool), Gone> {
        let mut how = Framing::UntilClose;
        let mut first = true;
        for step in &script.steps {
            if matches!(step, Step::Body(_) | Step::BodyBytes(_)) && !std::mem::replace(&mut first, false) {
                self.pause(script.every_ms).await?;
            }
            match step {
                Step::Head { status, headers, framing } => {
                    how = *framing;
                    self.stream.write_all(head(*status, headers, how).as_bytes()).await?;
                }
                Step::Body(text) => self.write_body(text.as_bytes(), how, sent).await?,
                Step::BodyBytes(bytes) => self.write_body(bytes, how, sent).await?,
                Step::Raw(text) => self.stream.write_all(text.as_bytes()).await?,
                Step::PauseMs(milliseconds) => self.pause(*milliseconds).await?,
                Step::Hold(name) => {
                    let mut released = self.released.clone();
                    // Without a sender there is no peer any more, and soon no connection.
                    self.wait_for(async { drop(released.wait_for(|names| names.contains(name)).await) }).await?;
                }
                Step::Stall => self.wait_for(std::future::pending()).await?,
                Step::Close => {
                    self.stream.shutdown().await?;
                    return Ok((Ending::Broken, false));
                }
                Step::Reset => {
                    self.stream.set_zero_linger()?;
                    return Ok((Ending::Broken, false));
                }
            }
        }
        match how {
            Framing::Chunked => self.stream.write_all(b"0\r\n\r\n").await?,
            Framing::Length(_) => {}
            Framing::UntilClose => self.stream.shutdown().await?,
        }
        Ok((Ending::Played, how != Framing::UntilClose))
    }

    async fn write_body(&mut self, piece: &[u8], how: Framing, sent: &mut impl FnMut(usize)) -> Result<(), Gone> {
        // A chunk of no bytes would end the body.
        if piece.is_empty() {
            return Ok(());
        }
        if how == Framing::Chunked {
            let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
            self.stream.write_all(&chunk).await?;
        } else {
            self.stream.write_all(piece).await?;
        }
        sent(piece.len());
        Ok(())
    }

    async fn pause(&mut self, milliseconds: u64) -> Result<(), Gone> {
        self.wait_for(sleep(Duration::from_millis(milliseconds))).await
    }

    /// Waits, and notices when the client goes.
    async fn wait_for(&mut self, condition: impl Future<Output = ()>) -> Result<(), Gone> {
        let mut condition = pin!(condition);
        loop {
            tokio::select! {
                () = &mut condition => return Ok(()),
                more = self.stream.read_buf(&mut self.read) => if more? == 0 { return Err(Gone) },
            }
        }
    }

    async fn read_more(&mut self) -> Result<(), Gone> {
        if self.read.len() > REQUEST_LIMIT || self.stream.read_buf(&mut self.read).await? == 0 {
            return Err(Gone);
        }
        Ok(())
    }
}

/// The request that these bytes begin with, the length of its head and of its body; `None` when the head is not whole.
fn parse(read: &[u8]) -> Result<Option<(PeerRequest, usize, usize)>, Gone> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = parsed.parse(read).map_err(|_| Gone)? else {
        return Ok(None);
    };
    let text = |header: &httparse::Header<'_>| {
        (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned())
    };
    let request = PeerRequest {
        number: 0,
        method: parsed.method.unwrap_or_default().to_owned(),
        path: parsed.path.unwrap_or_default().to_owned(),
        headers: parsed.headers.iter().map(text).collect(),
        body: Value::Null,
        sent_bytes: 0,
        ending: None,
    };
    let length = request.header("content-length").map_or(Ok(0), str::parse).map_err(|_| Gone)?;
    Ok(Some((request, head, length)))
}

fn head(status: u16, headers: &[(String, String)], framing: Framing) -> String {
    let known = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let length = match framing {
        Framing::Chunked => "transfer-encoding: chunked".to_owned(),
        Framing::Length(length) => format!("content-length: {length}"),
        Framing::UntilClose => "connection: close".to_owned(),
    };
    let first = format!("HTTP/1.1 {status} {}", known.unwrap_or("Scripted"));
    let headers = headers.iter().map(|(name, value)| format!("{name}: {value}"));
    let lines: Vec<_> = std::iter::once(first).chain(headers).chain([length, String::new(), String::new()]).collect();
    lines.join("\r\n")
}
