use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Duration, Utc};
use domain::{Clock, ConversationId, CredentialId, Fault, UserId};
use serde::{Deserialize, Serialize};

/// API Gateway closes a socket after two hours; a row outlives it by some minutes.
const LIFE: Duration = Duration::minutes(130);

/// While a socket opens it is registered and cannot be posted to: a connection that is younger is not gone, it is not there yet.
const OPENING: Duration = Duration::seconds(10);

/// Names an open socket. Cheap to clone.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(from = "String", into = "String")]
pub struct ConnectionId(Arc<str>);

/// An open socket, and what it may see.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Connection {
    /// Which.
    pub id: ConnectionId,
    /// Whose.
    pub user_id: UserId,
    /// The session or the key that it was opened with, which can be revoked.
    pub credential: Option<CredentialId>,
    /// The conversation it watches; an account's socket watches none.
    pub conversation_id: Option<ConversationId>,
}

/// The registry of open sockets, in `DynamoDB`. Cheap to clone.
///
/// The table's time-to-live only cleans up, some time or other: whatever is read is compared with the clock.
#[derive(Clone, Debug)]
pub struct Connections {
    client: Client,
    table: String,
    clock: Clock,
}

impl Connections {
    /// The registry in this table.
    pub fn new(aws: &SdkConfig, table: String, clock: Clock) -> Self {
        Self { client: Client::new(aws), table, clock }
    }

    /// Registers a socket that opens.
    pub async fn register(&self, connection: &Connection) -> Result<(), Fault> {
        let expires_at = (self.clock.now() + LIFE).timestamp();
        let mut item = HashMap::from([
            ("connection_id".to_owned(), text(&connection.id)),
            ("user_id".to_owned(), text(connection.user_id)),
            ("expires_at".to_owned(), AttributeValue::N(expires_at.to_string())),
        ]);
        item.extend(connection.credential.map(|id| ("credential".to_owned(), text(id))));
        item.extend(connection.conversation_id.map(|id| ("conversation_id".to_owned(), text(id))));
        let request = self.client.put_item().table_name(&self.table).set_item(Some(item));
        Box::pin(request.send()).await.map_err(unavailable)?;
        Ok(())
    }

    /// A socket as it is registered at this moment; `None` when it is not, or not any more.
    pub async fn read(&self, id: &ConnectionId) -> Result<Option<Connection>, Fault> {
        let request =
            self.client.get_item().table_name(&self.table).key("connection_id", text(id)).consistent_read(true);
        let found = Box::pin(request.send()).await.map_err(unavailable)?.item;
        found.and_then(|item| self.current(item)).transpose()
    }

    /// Forgets a socket that has closed.
    pub async fn remove(&self, id: &ConnectionId) -> Result<(), Fault> {
        let request = self.client.delete_item().table_name(&self.table).key("connection_id", text(id));
        Box::pin(request.send()).await.map_err(unavailable)?;
        Ok(())
    }

    /// Forgets a socket that a frame could not be posted to because it is gone, unless it may be opening just now.
    pub async fn remove_gone(&self, id: &ConnectionId) -> Result<(), Fault> {
        let opened_before = (self.clock.now() - OPENING + LIFE).timestamp();
        let request = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("connection_id", text(id))
            .condition_expression("expires_at <= :opened_before")
            .expression_attribute_values(":opened_before", AttributeValue::N(opened_before.to_string()));
        match Box::pin(request.send()).await {
            Err(error)
                if error.as_service_error().is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            result => result.map(drop).map_err(unavailable),
        }
    }

    /// The sockets of a person that watch a conversation. One that has just opened may be missing: an index lags.
    pub async fn by_conversation(&self, owner: UserId, id: ConversationId) -> Result<Vec<Connection>, Fault> {
        let mut found = self.query("by_conversation", "conversation_id", id.to_string()).await?;
        found.retain(|connection| connection.user_id == owner);
        Ok(found)
    }

    /// All sockets of a person. One that has just opened may be missing: an index lags.
    pub async fn by_user(&self, owner: UserId) -> Result<Vec<Connection>, Fault> {
        self.query("by_user", "user_id", owner.to_string()).await
    }

    async fn query(&self, index: &str, attribute: &str, value: String) -> Result<Vec<Connection>, Fault> {
        let pages = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(index)
            .key_condition_expression("#attribute = :value")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_values(":value", AttributeValue::S(value))
            .into_paginator()
            .items();
        let items = Box::pin(pages.send().try_collect()).await.map_err(unavailable)?;
        items.into_iter().filter_map(|item| self.current(item)).collect()
    }

    /// What a row says, unless its time is over.
    fn current(&self, mut item: HashMap<String, AttributeValue>) -> Option<Result<Connection, Fault>> {
        let expires_at = item.get("expires_at").and_then(|value| value.as_n().ok()?.parse().ok());
        let expires_at = expires_at.and_then(|seconds| DateTime::<Utc>::from_timestamp(seconds, 0));
        if expires_at.is_none_or(|expires_at| expires_at <= self.clock.now()) {
            return None;
        }
        let mut take = |name| match item.remove(name) {
            Some(AttributeValue::S(value)) => Some(value),
            _ => None,
        };
        let mut connection = || {
            Some(Connection {
                id: take("connection_id")?.into(),
                user_id: take("user_id")?.parse().ok()?,
                credential: match take("credential") {
                    Some(id) => Some(CredentialId::parse(&id).ok()?),
                    None => None,
                },
                conversation_id: match take("conversation_id") {
                    Some(id) => Some(id.parse().ok()?),
                    None => None,
                },
            })
        };
        Some(connection().ok_or_else(|| Fault::internal("a row of the connection registry is not one of ours")))
    }
}

impl ConnectionId {
    /// As API Gateway writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for ConnectionId {
    fn from(id: String) -> Self {
        Self(id.into())
    }
}

impl From<ConnectionId> for String {
    fn from(id: ConnectionId) -> Self {
        id.0.as_ref().to_owned()
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn text(value: impl fmt::Display) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

fn unavailable<E, R>(error: SdkError<E, R>) -> Fault
where
    E: std::error::Error + Send + Sync + 'static,
    R: fmt::Debug + Send + Sync + 'static,
{
    Fault::Unavailable { dependency: "The registry of connections", retry_after: 5, source: Some(Box::new(error)) }
}
