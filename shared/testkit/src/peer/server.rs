use std::collections::{HashSet, VecDeque};
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;
use url::Url;

use super::answers::unscripted;
use super::connection::Connection;
use super::{Dialect, Ending, PeerRequest, Script};

/// The models that are listed when nothing else is said: two that can chat and one that cannot.
const MODELS: [&str; 3] = ["scripted-model", "scripted-model-large", "text-embedding-scripted"];

/// A language model's API that follows scripts. It ends, with its connections, when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct Peer {
    shared: Arc<Shared>,
    url: Url,
    _accepting: Arc<AbortOnDrop>,
}

#[derive(Debug)]
struct Shared {
    scripts: Mutex<Scripts>,
    /// What was asked so far. Whoever waits for a condition watches it.
    requests: watch::Sender<Vec<PeerRequest>>,
    /// The number of the next request. It goes on over a reset, because answers do.
    next: AtomicUsize,
    connections: AtomicUsize,
    released: watch::Sender<HashSet<String>>,
}

#[derive(Debug, Default)]
struct Scripts {
    queued: VecDeque<Script>,
    models: Option<Script>,
}

#[derive(Debug)]
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Peer {
    /// Starts a peer on a free port of this machine.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let url = format!("http://{address}").parse().expect("an address makes a URL");
        let shared = Arc::new(Shared {
            scripts: Mutex::default(),
            requests: watch::Sender::new(Vec::new()),
            next: AtomicUsize::default(),
            connections: AtomicUsize::default(),
            released: watch::Sender::default(),
        });
        #[expect(clippy::disallowed_methods, reason = "a server of tests; it ends with its handle")]
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { shared, url, _accepting: Arc::new(AbortOnDrop(accepting.abort_handle())) }
    }

    /// Where it listens, without a path.
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// Queues a script. The first queued one that fits a prompt answers it.
    pub fn enqueue(&self, script: Script) {
        self.scripts().queued.push_back(script);
    }

    /// Answers every request for the list of models with this script from now on; see [`Script::models`].
    pub fn set_models(&self, script: Script) {
        self.scripts().models = Some(script);
    }

    /// Lets the scripts go on that hold at this name, or will.
    pub fn release(&self, name: &str) {
        self.shared.released.send_modify(|names| {
            names.insert(name.to_owned());
        });
    }

    /// Forgets scripts, requests and releases. What is being answered goes on.
    pub fn reset(&self) {
        *self.scripts() = Scripts::default();
        self.shared.requests.send_modify(Vec::clear);
        self.shared.released.send_modify(HashSet::clear);
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<PeerRequest> {
        self.shared.requests.borrow().clone()
    }

    /// The prompts among them.
    pub fn prompts(&self) -> Vec<PeerRequest> {
        let mut requests = self.requests();
        requests.retain(|request| request.method == "POST");
        requests
    }

    /// The connections that were made to it so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    /// Waits until the requests are as this condition wants them.
    ///
    /// # Panics
    /// When they are not within ten seconds.
    pub async fn until(&self, condition: impl FnMut(&Vec<PeerRequest>) -> bool) -> Vec<PeerRequest> {
        let mut watched = self.shared.requests.subscribe();
        let waited = timeout(Duration::from_secs(10), watched.wait_for(condition)).await;
        waited.expect("the peer sees it within ten seconds").expect("the peer lives").clone()
    }

    /// Waits until the client has closed the connection of a prompt before its end.
    ///
    /// # Panics
    /// As [`Peer::until`].
    pub async fn until_client_gone(&self) {
        self.until(|requests| requests.iter().any(|request| request.ending == Some(Ending::ClientGone))).await;
    }

    fn scripts(&self) -> std::sync::MutexGuard<'_, Scripts> {
        self.shared.scripts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // Aborted with this future, and so all with the peer.
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        shared.connections.fetch_add(1, Ordering::Relaxed);
        connections.spawn(serve(stream, Arc::clone(&shared)));
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let Ok(mut connection) = Connection::new(stream, shared.released.subscribe()) else { return };
    while let Ok(request) = connection.request().await {
        let script = shared.script_for(&request);
        let number = shared.record(request);
        let (ending, usable) =
            connection.play(&script, |bytes| shared.note(number, |request| request.sent_bytes += bytes)).await;
        shared.note(number, |request| request.ending = Some(ending));
        if !usable {
            return;
        }
    }
}

impl Shared {
    fn script_for(&self, request: &PeerRequest) -> Script {
        let mut scripts = self.scripts.lock().unwrap_or_else(PoisonError::into_inner);
        let path = request.path.split('?').next().unwrap_or_default();
        match (request.method.as_str(), path, Dialect::of_path(path)) {
            ("GET", "/v1/models" | "/v1beta/models", _) => match &scripts.models {
                Some(script) => script.clone(),
                None => Script::models_of(dialect_of_list(request, path), MODELS),
            },
            ("POST", _, Some(dialect)) => {
                let prompt = request.last_prompt();
                scripts.take(prompt).unwrap_or_else(|| unscripted(dialect, prompt))
            }
            _ => Script::error(404, "invalid_request_error", "Unknown path."),
        }
    }

    fn record(&self, mut request: PeerRequest) -> usize {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        request.number = number;
        self.requests.send_modify(|requests| requests.push(request));
        number
    }

    fn note(&self, number: usize, change: impl FnOnce(&mut PeerRequest)) {
        self.requests.send_modify(|requests| {
            if let Some(request) = requests.iter_mut().rev().find(|request| request.number == number) {
                change(request);
            }
        });
    }
}

/// OpenAI and Anthropic have their lists at the same path.
fn dialect_of_list(request: &PeerRequest, path: &str) -> Dialect {
    if path.starts_with("/v1beta") {
        Dialect::GeminiGenerate
    } else if request.header("anthropic-version").is_some() {
        Dialect::AnthropicMessages
    } else {
        Dialect::OpenAiChat
    }
}

impl Scripts {
    fn take(&mut self, prompt: &str) -> Option<Script> {
        let fits = |script: &Script| script.when.as_ref().is_none_or(|text| prompt.contains(text));
        let at = self.queued.iter().position(fits)?;
        let left = self.queued[at].times.unwrap_or(1).saturating_sub(1);
        if left == 0 {
            return self.queued.remove(at);
        }
        self.queued[at].times = Some(left);
        Some(self.queued[at].clone())
    }
}
