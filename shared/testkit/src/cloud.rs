use std::path::Path;

use auth::{Password, PasswordHash, Token, TokenKind};
use domain::{Clock, ConversationId, Email};
use futures::{SinkExt as _, StreamExt as _};
use serde::Deserialize;
use serde_json::Value;
use store::Store;
use tokio::net::TcpStream;
use tokio::time::{Duration, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::Person;

/// Who runs the portals of tests: address and password.
pub const ADMIN: (&str, &str) = ("admin@example.com", "the portal of the tests");

/// Longer than anything takes that is going to happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A local cloud that runs: what `cargo xtask cloud` tells the command that it starts.
#[derive(Clone, Debug, Deserialize)]
pub struct Cloud {
    /// The one origin that a browser sees, without a slash at its end.
    pub portal_url: String,
    /// The REST API behind the front door.
    pub api_url: String,
    /// The WebSocket API behind the front door.
    pub websocket_url: String,
    /// The AWS emulator.
    pub emulator_url: String,
    /// The name that all resources begin with.
    pub stage: String,
    /// What the functions connect to Postgres with.
    pub database_url: String,
    /// What the database's owner connects to Postgres with.
    pub database_direct_url: String,
    /// The scripted peer that stands in for OpenAI, where the cloud was started with one.
    pub peer_url: Option<String>,
    /// Where the peer is told what to do.
    pub peer_control_url: Option<String>,
    /// The path that made the first account, or would.
    pub setup_path: Option<String>,
    /// In whose name sockets are opened; nobody's unless it was asked for.
    #[serde(skip)]
    pub person: Option<Person>,
}

impl Cloud {
    /// The cloud that this test was started in.
    ///
    /// # Panics
    /// When it was started in none.
    #[expect(clippy::disallowed_methods, reason = "tests have no `runtime`")]
    pub fn from_environment() -> Self {
        let path = std::env::var("RECOLLECT_ENDPOINTS");
        let path = path.expect(
            "these tests need a local cloud: run them with `cargo xtask cloud --open-ai-peer -- cargo nextest run`",
        );
        let text = std::fs::read_to_string(Path::new(&path)).expect("the endpoints can be read");
        serde_json::from_str(&text).expect("the endpoints are complete")
    }

    /// The cloud that this test was started in, in the name of a person of the test's own.
    ///
    /// # Panics
    /// When it was started in none.
    pub async fn signed_in() -> Self {
        let cloud = Self::from_environment();
        let store = cloud.store().await;
        cloud.set_up(&store).await;
        let person = Person::new(&store).await;
        Self { person: Some(person), ..cloud }
    }

    /// Makes the first account, unless another test has.
    async fn set_up(&self, store: &Store) {
        let code = self.setup_path.as_deref().and_then(|path| Token::parse(TokenKind::SetUp, path.split_once('#')?.1));
        let Some(code) = code.filter(|_| self.stage == "test") else { return };
        if store.accounts_exist().await.expect("the database answers") {
            return;
        }
        let (email, password) = ADMIN;
        let hash = Password::parse("password", password, email).and_then(|password| PasswordHash::of(&password));
        let hash = hash.expect("a password that may be chosen");
        // Of all tests that begin at once exactly one succeeds.
        let _ =
            store.set_up(code.hash(), &Email::parse("email", email).expect("an address"), hash.as_str(), None).await;
    }

    /// The database of the cloud, as the functions use it.
    ///
    /// # Panics
    /// When its address is not one.
    pub async fn store(&self) -> Store {
        Store::connect(&self.database_url.as_str().into(), Clock::system()).await.expect("the URL is a Postgres URL")
    }

    /// The key of the person in whose name the test is.
    ///
    /// # Panics
    /// When it is in nobody's.
    pub fn key(&self) -> &str {
        self.person.as_ref().expect("use `Cloud::signed_in`").key.expose()
    }

    /// What the person's browser sends along.
    ///
    /// # Panics
    /// When the test is in nobody's name.
    pub fn cookie(&self) -> String {
        let port = self.portal_url.rsplit_once(':').map_or("80", |(_, port)| port);
        format!("recollect-{port}={}", self.person.as_ref().expect("use `Cloud::signed_in`").session.expose())
    }

    /// The portal's address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.portal_url)
    }

    /// Opens the socket of a conversation.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn watch(&self, conversation: ConversationId) -> Socket {
        self.open(&format!("/ws/chat/{conversation}/")).await.expect("the socket opens")
    }

    /// Opens a socket at a path.
    ///
    /// # Panics
    /// When the handshake is not answered.
    pub async fn open(&self, path: &str) -> Result<Socket, Error> {
        match self.person {
            Some(_) => self.open_with(path, &[("cookie", &self.cookie()), ("origin", &self.portal_url)]).await,
            None => self.open_with(path, &[]).await,
        }
    }

    /// Opens a socket at a path with these headers.
    ///
    /// # Panics
    /// When the handshake is not answered.
    pub async fn open_with(&self, path: &str, headers: &[(&'static str, &str)]) -> Result<Socket, Error> {
        let mut request = self.url(path).replacen("http", "ws", 1).into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse()?);
        }
        let (stream, _) = timeout(PATIENCE, connect_async(request)).await.expect("an answer to the handshake")?;
        Ok(Socket { stream })
    }
}

/// A WebSocket of the portal, as a client has it.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    /// Sends a frame.
    ///
    /// # Panics
    /// When the socket is closed.
    pub async fn send(&mut self, frame: &Value) {
        self.send_text(&frame.to_string()).await;
    }

    /// Sends a text that may be no frame at all.
    ///
    /// # Panics
    /// When the socket is closed.
    pub async fn send_text(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.expect("the socket is open");
    }

    /// The next frame, or `None` when the server closed the socket.
    ///
    /// # Panics
    /// When nothing comes.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            match timeout(PATIENCE, self.stream.next()).await.expect("a frame within 30 seconds") {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).expect("a frame is JSON")),
                None | Some(Ok(Message::Close(_)) | Err(_)) => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The frames up to and with the first that is of one of these types.
    ///
    /// # Panics
    /// When the socket is closed before.
    pub async fn until(&mut self, types: &[&str]) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.unwrap_or_else(|| panic!("closed after {frames:?}, before any of {types:?}"));
            let found = frame["type"].as_str().is_some_and(|found| types.contains(&found));
            frames.push(frame);
            if found {
                return frames;
            }
        }
    }

    /// Closes the socket.
    pub async fn close(mut self) {
        // The other side may have been faster.
        let _ = self.stream.close(None).await;
    }
}

/// The text of an answer, put together from its frames as a client does; each has to begin where the one before it ended.
///
/// # Panics
/// When a frame is missing, doubled or out of order.
pub fn assembled(frames: &[Value]) -> String {
    let mut text = String::new();
    let mut seq = 0;
    for frame in frames.iter().filter(|frame| frame["type"] == "reply.delta") {
        seq += 1;
        assert_eq!(frame["seq"], seq, "{frame}");
        assert_eq!(frame["offset"], domain::utf16_len(&text), "{frame}");
        text.push_str(frame["text"].as_str().expect("a delta has text"));
    }
    text
}
