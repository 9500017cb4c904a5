//! `sendMessage` and `ping` over a WebSocket.

fn main() -> runtime::Exit {
    runtime::websocket(chat::ws_message::function)
}
