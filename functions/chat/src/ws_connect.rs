//! `$connect`: a socket opens, to watch one conversation (`?conversation_id=`) or, without one, the account.
//!
//! A browser shows its cookie, and comes from a page of ours; a program shows a ticket, which is good once.

use auth::{Token, TokenKind};
use domain::{Clock, ConversationId, CredentialId, Fault, Problem, UserId};
use http::StatusCode;
use limits::Tickets;
use realtime::{Connection, Connections};
use runtime::{SocketEvent, SocketHandler};
use store::Store;
use tracing::Instrument as _;
use web::Access;

/// The function, with what it may touch.
#[derive(Debug)]
pub struct Connect {
    /// Where conversations are.
    pub store: Store,
    /// Where the socket is registered.
    pub connections: Connections,
    /// Tickets that let programs in.
    pub tickets: Tickets,
    /// Who is let in, and who they are.
    pub access: Access,
}

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Connect> {
    let clock = Clock::system();
    let aws = realtime::aws_config().await;
    let store = Store::connect(&env.secret("DATABASE_URL")?, clock.clone()).await?;
    let people = store.clone();
    let identify = move |credential| {
        let people = people.clone();
        async move { people.identify(credential).await }
    };
    Ok(Connect {
        store,
        connections: Connections::new(&aws, env.required("CONNECTIONS_TABLE")?, clock.clone()),
        tickets: Tickets::new(&aws, env.required("TICKETS_TABLE")?, clock),
        access: Access::new(env.secret("ORIGIN_SECRET")?, identify),
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
        self.access.admit(&event.headers)?;
        let (user_id, credential) = self.identify(event).await?;
        let conversation_id = match event.parameter("conversation_id") {
            Some(id) => {
                let id = ConversationId::parse("conversation_id", id)?;
                Some(self.store.conversation(user_id, id).await?.id)
            }
            None => None,
        };
        let id = event.connection_id.clone().into();
        let connection = Connection { id, user_id, credential: Some(credential), conversation_id };
        self.connections.register(&connection).await?;
        // Revoked meanwhile: whoever revoked it did not find this socket yet, and has closed the others.
        if !self.store.is_good(user_id, credential).await? {
            self.connections.remove(&connection.id).await?;
            return Err(Fault::Unauthenticated);
        }
        Ok(())
    }

    async fn identify(&self, event: &SocketEvent) -> Result<(UserId, CredentialId), Fault> {
        if let Some(ticket) = event.parameter("ticket") {
            let token = Token::parse(TokenKind::Ticket, ticket).ok_or(Fault::Unauthenticated)?;
            let ticket = self.tickets.take(token.hash()).await?.ok_or(Fault::Unauthenticated)?;
            return Ok((ticket.user_id, ticket.credential));
        }
        Access::same_origin(&event.headers)?;
        let identity = self.access.identify(&event.headers).await?;
        match identity.credential {
            CredentialId::Session(_) => Ok((identity.user_id, identity.credential)),
            // A key is not good for more here than a ticket, which was asked for with it.
            CredentialId::ApiKey(_) => Err(Fault::Unauthenticated),
        }
    }
}
