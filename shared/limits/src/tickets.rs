use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use chrono::{DateTime, Utc};
use domain::{Clock, CredentialId, Fault, TICKET_LIFE, TokenHash, UserId};

use crate::table::unavailable;

/// Tickets for a WebSocket, in `DynamoDB`: each is good once, for [`TICKET_LIFE`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Tickets {
    client: Client,
    table: String,
    clock: Clock,
}

/// Whom a ticket lets in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Ticket {
    /// The person.
    pub user_id: UserId,
    /// What it was asked for with; revoking that revokes what the ticket opened.
    pub credential: CredentialId,
}

impl Tickets {
    /// The tickets kept in this table.
    pub fn new(aws: &SdkConfig, table: String, clock: Clock) -> Self {
        Self { client: Client::new(aws), table, clock }
    }

    /// Keeps a ticket; says when it ends.
    pub async fn issue(&self, hash: TokenHash, ticket: Ticket) -> Result<DateTime<Utc>, Fault> {
        let expires_at = self.clock.now() + TICKET_LIFE;
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("ticket", key(hash))
            .item("user_id", AttributeValue::S(ticket.user_id.to_string()))
            .item("credential", AttributeValue::S(ticket.credential.to_string()))
            .item("expires_at", AttributeValue::N(expires_at.timestamp().to_string()));
        Box::pin(request.send()).await.map_err(unavailable)?;
        Ok(expires_at)
    }

    /// Takes a ticket: of any number at once exactly one gets it. `None` when there is none, or not any more.
    pub async fn take(&self, hash: TokenHash) -> Result<Option<Ticket>, Fault> {
        let request = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("ticket", key(hash))
            .condition_expression("attribute_exists(ticket) AND expires_at > :now")
            .expression_attribute_values(":now", AttributeValue::N(self.clock.epoch_seconds().to_string()))
            .return_values(ReturnValue::AllOld);
        let item = match Box::pin(request.send()).await {
            Ok(deleted) => deleted.attributes.unwrap_or_default(),
            Err(error)
                if error.as_service_error().is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(unavailable(error)),
        };
        let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
        let (Some(user_id), Some(credential)) = (text("user_id"), text("credential")) else { return Ok(None) };
        let user_id = user_id.parse().map_err(Fault::internal)?;
        Ok(Some(Ticket { user_id, credential: CredentialId::parse(credential)? }))
    }
}

/// In hexadecimal: what the table holds opens nothing.
fn key(hash: TokenHash) -> AttributeValue {
    AttributeValue::S(format!("{hash:x}"))
}
