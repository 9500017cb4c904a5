//! A way to the database that a test can cut.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use url::Url;

/// Passes bytes between its own port and a server, until it is cut.
#[derive(Debug)]
pub(crate) struct Proxy {
    /// Where the way begins.
    pub(crate) url: SecretString,
    open: watch::Sender<bool>,
    connections: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl Proxy {
    /// A way to the server of this URL.
    pub(crate) async fn to(url: &SecretString) -> Self {
        let mut url: Url = url.expose_secret().parse().unwrap();
        let server = (url.host_str().unwrap().to_owned(), url.port().unwrap());
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        let (open, gate) = watch::channel(true);
        let connections = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, server, gate, connections.clone()));
        Self { url: url.to_string().into(), open, connections, _tasks: tasks }
    }

    /// Ends every connection, and every new one as soon as it is made.
    pub(crate) fn cut(&self) {
        self.open.send_replace(false);
    }

    /// Lets connections pass again.
    pub(crate) fn mend(&self) {
        self.open.send_replace(true);
    }

    /// How many connections were passed on.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

async fn accept(
    listener: TcpListener,
    server: (String, u16),
    gate: watch::Receiver<bool>,
    connections: Arc<AtomicUsize>,
) {
    let mut passing = JoinSet::new();
    loop {
        let (mut client, _) = listener.accept().await.unwrap();
        if !*gate.borrow() {
            continue;
        }
        connections.fetch_add(1, Ordering::Relaxed);
        let (server, mut gate) = (server.clone(), gate.clone());
        passing.spawn(async move {
            let Ok(mut server) = TcpStream::connect(server).await else { return };
            tokio::select! {
                _ = copy_bidirectional(&mut client, &mut server) => {}
                _ = gate.wait_for(|open| !open) => {}
            }
        });
    }
}
