fn main() -> runtime::Exit {
    runtime::websocket(chat::ws_connect::function)
}
