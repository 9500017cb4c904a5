use std::error::Error;

use aws_config::SdkConfig;
use chrono::{DateTime, Utc};
use domain::{Clock, Conversation, ConversationId, Fault, Message, MessageId, Problem, UserId};
use futures::{StreamExt as _, stream};
use serde_json::{Map, Value, json};

use crate::{Connection, ConnectionId, Connections, Delivery, Sender, ServerFrame};

/// Posts in flight at once, for one announcement.
const AT_ONCE: usize = 16;

/// Tells open sockets what happened. What is told is stored already, and whoever is not reached reads it later: a failure is
/// logged, and stops nobody. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Announcer {
    connections: Connections,
    sender: Sender,
    /// A socket that watches, whether an index knows it or not.
    also: Option<Connection>,
}

impl Announcer {
    /// Tells the sockets registered in `table`, through the WebSocket API's management endpoint.
    pub fn new(aws: &SdkConfig, table: String, endpoint: &str, clock: Clock) -> Self {
        Self::over(Connections::new(aws, table, clock), Sender::new(aws, endpoint))
    }

    /// Tells the sockets of this registry through this sender.
    pub const fn over(connections: Connections, sender: Sender) -> Self {
        Self { connections, sender, also: None }
    }

    /// The same, counting on this socket besides those that are found.
    #[must_use]
    pub fn including(&self, connection: Connection) -> Self {
        Self { also: Some(connection), ..self.clone() }
    }

    /// A prompt and its empty answer are stored: to all who watch the conversation.
    pub async fn message_created(&self, owner: UserId, prompt: &Message, reply: MessageId) {
        let frame = ServerFrame::message_created(prompt, reply);
        self.tell_watchers(owner, prompt.conversation_id, &frame).await;
    }

    /// An answer will not come: to all who watch the conversation.
    pub async fn reply_failed(&self, owner: UserId, conversation: ConversationId, reply: MessageId, problem: &Problem) {
        let frame = ServerFrame::ReplyFailed {
            conversation_id: conversation,
            message_id: reply,
            problem: Box::new(problem.clone()),
            length: 0,
            last_seq: 0,
        };
        self.tell_watchers(owner, conversation, &frame).await;
    }

    /// An answer has ended, though nobody was writing it: to all who watch the conversation.
    pub async fn reply_ended(&self, owner: UserId, answer: &Message) {
        if let Some(frame) = ServerFrame::ended_as_stored(answer) {
            self.tell_watchers(owner, answer.conversation_id, &frame).await;
        }
    }

    /// Fields of a conversation changed: to all who watch it, and to the account's sockets.
    pub async fn conversation_changed(&self, owner: UserId, conversation: &Conversation) {
        let changed = json!({
            "title": conversation.title,
            "title_by": conversation.title_by,
            "status": conversation.status,
            "summary_status": conversation.summary_status,
            "model": conversation.model,
            "leaf_id": conversation.leaf_id,
            "archived_at": conversation.archived_at,
            "pinned_at": conversation.pinned_at,
            "updated_at": conversation.updated_at,
            "version": conversation.version,
        });
        let frame = updated(conversation.id, changed);
        let sockets = self.sockets(owner).await;
        let concerned = |socket: &Connection| socket.conversation_id.is_none_or(|watched| watched == conversation.id);
        self.tell(sockets.into_iter().filter(concerned), &frame).await;
    }

    /// An answer was added to a conversation: to the account's sockets, which order their lists by it.
    pub async fn conversation_grew(&self, owner: UserId, id: ConversationId, at: DateTime<Utc>) {
        let sockets = self.sockets(owner).await;
        let accounts = sockets.into_iter().filter(|socket| socket.conversation_id.is_none());
        self.tell(accounts, &updated(id, json!({ "updated_at": at }))).await;
    }

    /// A conversation is gone: to the account's sockets; those that watch it are closed.
    pub async fn conversation_deleted(&self, owner: UserId, id: ConversationId) {
        let sockets = self.sockets(owner).await;
        let (accounts, watchers): (Vec<_>, Vec<_>) = sockets
            .into_iter()
            .filter(|socket| socket.conversation_id.is_none_or(|watched| watched == id))
            .partition(|socket| socket.conversation_id.is_none());
        self.tell(accounts, &updated(id, json!({ "deleted": true }))).await;
        stream::iter(&watchers).for_each_concurrent(AT_ONCE, |socket| self.sender.close(&socket.id)).await;
    }

    async fn tell_watchers(&self, owner: UserId, id: ConversationId, frame: &ServerFrame) {
        let found = self.connections.by_conversation(owner, id).await;
        let watches = |socket: &Connection| socket.conversation_id == Some(id);
        self.tell(self.with_own(found).into_iter().filter(watches), frame).await;
    }

    async fn sockets(&self, owner: UserId) -> Vec<Connection> {
        self.with_own(self.connections.by_user(owner).await)
    }

    fn with_own(&self, found: Result<Vec<Connection>, Fault>) -> Vec<Connection> {
        let mut found = found.unwrap_or_else(|fault| {
            tracing::error!(error = &fault as &dyn Error, "the sockets to be told could not be found");
            Vec::new()
        });
        found.extend(self.also.clone().filter(|own| found.iter().all(|connection| connection.id != own.id)));
        found
    }

    async fn tell(&self, sockets: impl IntoIterator<Item = Connection>, frame: &ServerFrame) {
        let frame = match frame.encode() {
            Ok(frame) => frame,
            Err(fault) => {
                tracing::error!(error = &fault as &dyn Error, "a frame could not be made");
                return;
            }
        };
        stream::iter(sockets)
            .for_each_concurrent(AT_ONCE, async |socket| match self.sender.post(&socket.id, &frame).await {
                Delivery::Gone => self.forget(&socket.id).await,
                Delivery::Throttled => {
                    tracing::warn!(connection.id = %socket.id, "a frame was not sent: too many at once");
                }
                Delivery::Sent | Delivery::Failed => {}
            })
            .await;
    }

    async fn forget(&self, id: &ConnectionId) {
        if let Err(fault) = self.connections.remove_gone(id).await {
            tracing::warn!(error = &fault as &dyn Error, connection.id = %id, "a closed socket stays registered");
        }
    }
}

fn updated(conversation_id: ConversationId, changed: Value) -> ServerFrame {
    let changed = match changed {
        Value::Object(changed) => changed,
        _ => Map::new(),
    };
    ServerFrame::ConversationUpdated { conversation_id, changed }
}
