//! Who is connected, and how to tell them something.
//!
//! Holds the registry of WebSocket connections (DynamoDB), the sender (`@connections` of API Gateway) and the frames of the
//! protocol. It knows nothing of Postgres and of models.

mod frame;

pub use frame::{ClientFrame, ECHO_LIMIT, Ended, FRAME_LIMIT, Notice, ServerFrame};
