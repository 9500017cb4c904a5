//! `$connect` of the WebSocket API.

fn main() -> runtime::Exit {
    runtime::websocket(chat::ws_connect::function)
}
