//! Talking with a model over a WebSocket: the socket's life, its frames, and the answer that is written meanwhile.
//!
//! `ws_message` stores what was said and starts `reply`, which outlives the frame that asked for it: who disconnects stops nothing.

pub mod reply;
pub mod ws_connect;
pub mod ws_disconnect;
pub mod ws_message;
