//! `$connect`: a socket opens, to watch one conversation (`?conversation_id=`) or, without one, the account.

use domain::{Clock, ConversationId, Fault, Problem, UserId};
use http::StatusCode;
use realtime::{Connection, Connections};
use runtime::{SocketEvent, SocketHandler};
use store::Store;
use tracing::Instrument as _;
use web::OriginSecret;

/// The function, with what it may touch.
#[derive(Debug)]
pub struct Connect {
    /// Where conversations are.
    pub store: Store,
    /// Where the socket is registered.
    pub connections: Connections,
    /// What the front door shows.
    pub origin: OriginSecret,
}

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Connect> {
    let clock = Clock::system();
    let aws = realtime::aws_config().await;
    Ok(Connect {
        store: Store::connect(&env.secret("DATABASE_URL")?, clock.clone()).await?,
        connections: Connections::new(&aws, env.required("CONNECTIONS_TABLE")?, clock),
        origin: OriginSecret::new(env.secret("ORIGIN_SECRET")?),
    })
}

impl SocketHandler for Connect {
    async fn handle(&self, event: SocketEvent) -> StatusCode {
        let span = tracing::info_span!("connect", connection.id = event.connection_id);
        async {
            match self.admit(&event).await {
                Ok(()) => StatusCode::OK,
                Err(fault) => {
                    if fault.is_ours() {
                        tracing::error!(error = &fault as &dyn std::error::Error, "a socket could not be opened");
                    }
                    // No body: API Gateway tells the client the status alone.
                    StatusCode::from_u16(Problem::from(&fault).status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
                }
            }
        }
        .instrument(span)
        .await
    }
}

impl Connect {
    async fn admit(&self, event: &SocketEvent) -> Result<(), Fault> {
        let presented = event.headers.get(OriginSecret::HEADER).and_then(|value| value.to_str().ok());
        if !self.origin.admits(presented) {
            return Err(Fault::Forbidden("Sockets are opened through the portal's own address only"));
        }
        let user_id = UserId::BUILT_IN;
        let conversation_id = match event.parameter("conversation_id") {
            Some(id) => {
                let id = ConversationId::parse("conversation_id", id)?;
                Some(self.store.conversation(user_id, id).await?.id)
            }
            None => None,
        };
        let id = event.connection_id.clone().into();
        self.connections.register(&Connection { id, user_id, session_id: None, conversation_id }).await
    }
}
