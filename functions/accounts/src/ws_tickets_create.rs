//! `POST /api/auth/ws_ticket/`: a ticket that opens one WebSocket.

use auth::{Token, TokenKind};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use chrono::{DateTime, Utc};
use domain::Clock;
use http::StatusCode;
use limits::{Ticket, Tickets};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Caller, Json, Rejection};

use crate::deps::connect;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let tickets = Tickets::new(&realtime::aws_config().await, env.required("TICKETS_TABLE")?, Clock::system());
    crate::serve(&env, connect(&env).await?, routes(tickets))
}

/// The route alone.
pub fn routes(deps: Tickets) -> Router {
    web::route(Router::new(), "/api/auth/ws_ticket", post(handler)).with_state(deps)
}

/// A ticket.
#[derive(Serialize, ToSchema)]
pub(crate) struct WsTicket {
    /// Open a socket with `?ticket=` and this.
    ticket: String,
    /// When it ends: in 30 seconds.
    expires_at: DateTime<Utc>,
}

/// Get a WebSocket ticket
///
/// For programs, which have no cookie: it opens one socket, once, within 30 seconds.
#[utoipa::path(
    post,
    path = "/api/auth/ws_ticket/",
    operation_id = "createWsTicket",
    tag = "accounts",
    responses((status = 201, body = WsTicket)),
)]
pub(crate) async fn handler(
    State(tickets): State<Tickets>,
    caller: Caller,
) -> Result<(StatusCode, Json<WsTicket>), Rejection> {
    let token = Token::generate(TokenKind::Ticket)?;
    let ticket = Ticket { user_id: caller.id, credential: caller.credential };
    let expires_at = tickets.issue(token.hash(), ticket).await?;
    Ok((StatusCode::CREATED, Json(WsTicket { ticket: token.expose().to_owned(), expires_at })))
}
