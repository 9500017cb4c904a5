//! Who is connected, and how to tell them something.
//!
//! Holds the registry of WebSocket connections ([`Connections`], `DynamoDB`), the way to them ([`Sender`], `@connections` of API
//! Gateway), the frames of the protocol ([`ServerFrame`], [`ClientFrame`]), and how a growing answer is cut into frames and handed
//! to everybody who watches ([`FrameCutter`], [`Fanout`]). [`Announcer`] tells what happened to those whom it concerns;
//! [`AnswerSignals`] tells a writer what its readers want;
//! [`ReplyInvoker`] starts the function that writes an answer. It knows nothing of Postgres and of models.
//!
//! ```no_run
//! # async fn example(conversation: &domain::Conversation) {
//! use domain::{Clock, UserId};
//! use realtime::Announcer;
//!
//! let aws = realtime::aws_config().await;
//! let announcer = Announcer::new(&aws, "dev_connections".to_owned(), "https://example.com/dev", Clock::system());
//! announcer.conversation_changed(UserId::BUILT_IN, conversation).await;
//! # }
//! ```

mod announcer;
mod aws;
mod connections;
mod cutter;
mod fanout;
mod frame;
mod invoker;
mod sender;
mod signals;
mod snapshot;
mod wire;

pub use announcer::Announcer;
pub use aws::aws_config;
pub use connections::{Connection, ConnectionId, Connections};
pub use cutter::FrameCutter;
pub use fanout::{Fanout, Pace};
pub use frame::{ClientFrame, ECHO_LIMIT, Ended, FRAME_LIMIT, ServerFrame, SnapshotOf};
pub use invoker::{ReplyInvoker, ReplyRequest};
pub use sender::{Delivery, Sender};
pub use signals::{AnswerSignals, Resumed, Signals};
pub use snapshot::{SNAPSHOT_LIMIT, snapshot};
pub use wire::WireFrame;
