//! `POST /api/auth/ws_ticket/`: a ticket that opens one WebSocket.

fn main() -> runtime::Exit {
    runtime::http(accounts::ws_tickets_create::function)
}
