//! `$disconnect`: a socket has closed. What it asked for goes on.

use domain::Clock;
use http::StatusCode;
use realtime::{ConnectionId, Connections};
use runtime::{SocketEvent, SocketHandler};

/// The function, with what it may touch.
#[derive(Debug)]
pub struct Disconnect {
    /// Where the socket is registered.
    pub connections: Connections,
}

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Disconnect> {
    let aws = realtime::aws_config().await;
    Ok(Disconnect { connections: Connections::new(&aws, env.required("CONNECTIONS_TABLE")?, Clock::system()) })
}

impl SocketHandler for Disconnect {
    async fn handle(&self, event: SocketEvent) -> StatusCode {
        let id = ConnectionId::from(event.connection_id);
        if let Err(fault) = self.connections.remove(&id).await {
            // It stays until its time is over, or until a frame to it finds it gone.
            tracing::warn!(error = &fault as &dyn std::error::Error, connection.id = %id, "a closed socket stays registered");
        }
        StatusCode::OK
    }
}
