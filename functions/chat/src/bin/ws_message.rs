fn main() -> runtime::Exit {
    runtime::websocket(chat::ws_message::function)
}
