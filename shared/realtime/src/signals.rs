use std::collections::HashMap;
use std::fmt;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::Duration;
use domain::{Clock, Fault, MessageId};

use crate::ConnectionId;

/// How long a signal is kept: longer than any answer takes.
const LIFE: Duration = Duration::hours(1);

/// What an attribute's name begins with that says where a connection goes on; the connection's id follows.
const RESUMED: &str = "resumed/";

/// What readers want of whoever writes an answer, in `DynamoDB`: an item an answer, which the writer reads several times a second and
/// consistently. It hurries the writer and proves nothing: what has to hold is in Postgres before it is said here. Cheap to clone.
///
/// A writer could ask Postgres as often, but every answer under way would cost it transactions without end, and a pool of one or two
/// connections a sandbox is not there for waiting.
#[derive(Clone, Debug)]
pub struct AnswerSignals {
    client: Client,
    table: String,
    clock: Clock,
}

/// What readers want of an answer's writer.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Signals {
    /// To end it.
    pub stop: bool,
    /// To be told what they have not got.
    pub resumed: Vec<Resumed>,
}

/// A connection that goes on reading an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Resumed {
    /// Who.
    pub connection: ConnectionId,
    /// The last frame that it needs no more.
    pub after_seq: i64,
    /// Tells this wish from an earlier one of the same connection.
    pub at: String,
}

impl AnswerSignals {
    /// The signals in this table.
    pub fn new(aws: &SdkConfig, table: String, clock: Clock) -> Self {
        Self { client: Client::new(aws), table, clock }
    }

    /// Says that this answer is to be stopped.
    ///
    /// # Errors
    /// [`Fault::Unavailable`]; the writer finds out at its next checkpoint.
    pub async fn stop(&self, answer: MessageId) -> Result<(), Fault> {
        self.set(answer, "stop_requested".to_owned(), AttributeValue::Bool(true)).await
    }

    /// Says that this connection has an answer's frames up to `after_seq` and wants the others.
    ///
    /// # Errors
    /// [`Fault::Unavailable`]; the connection is found at the writer's next checkpoint, as one that has just opened.
    pub async fn resume(&self, answer: MessageId, connection: &ConnectionId, after_seq: i64) -> Result<(), Fault> {
        let value = format!("{after_seq} {}", self.clock.new_id());
        self.set(answer, format!("{RESUMED}{connection}"), AttributeValue::S(value)).await
    }

    /// What is wanted of this answer's writer at this moment.
    ///
    /// # Errors
    /// [`Fault::Unavailable`].
    pub async fn read(&self, answer: MessageId) -> Result<Signals, Fault> {
        let request =
            self.client.get_item().table_name(&self.table).key("message_id", key(answer)).consistent_read(true);
        let item = Box::pin(request.send()).await.map_err(unavailable)?.item;
        Ok(item.map(|item| Signals::from(&item)).unwrap_or_default())
    }

    async fn set(&self, answer: MessageId, name: String, value: AttributeValue) -> Result<(), Fault> {
        let expires_at = (self.clock.now() + LIFE).timestamp();
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("message_id", key(answer))
            .update_expression("SET #name = :value, expires_at = :expires_at")
            .expression_attribute_names("#name", name)
            .expression_attribute_values(":value", value)
            .expression_attribute_values(":expires_at", AttributeValue::N(expires_at.to_string()));
        Box::pin(request.send()).await.map(drop).map_err(unavailable)
    }
}

impl From<&HashMap<String, AttributeValue>> for Signals {
    fn from(item: &HashMap<String, AttributeValue>) -> Self {
        let resumed = item.iter().filter_map(|(name, value)| {
            let connection = name.strip_prefix(RESUMED)?.to_owned().into();
            let (after_seq, at) = value.as_s().ok()?.split_once(' ')?;
            Some(Resumed { connection, after_seq: after_seq.parse().ok()?, at: at.to_owned() })
        });
        Self {
            stop: item.get("stop_requested").is_some_and(|stop| stop.as_bool().is_ok_and(|stop| *stop)),
            resumed: resumed.collect(),
        }
    }
}

fn key(answer: MessageId) -> AttributeValue {
    AttributeValue::S(answer.to_string())
}

fn unavailable<E, R>(error: SdkError<E, R>) -> Fault
where
    E: std::error::Error + Send + Sync + 'static,
    R: fmt::Debug + Send + Sync + 'static,
{
    Fault::Unavailable { dependency: "The registry of signals", retry_after: 5, source: Some(Box::new(error)) }
}
