use std::fmt;

use aws_config::SdkConfig;
use aws_sdk_lambda::Client;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use domain::{Fault, MessageId, UserId};
use serde::{Deserialize, Serialize};

use crate::ConnectionId;

/// Starts the function that writes answers, and does not wait for it. Cheap to clone.
#[derive(Clone)]
pub struct ReplyInvoker {
    client: Client,
    function: String,
}

/// What that function is invoked with.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyRequest {
    /// Whose answer it is.
    pub user_id: UserId,
    /// The answer to write.
    pub message_id: MessageId,
    /// The socket that asked: an index may not know it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<ConnectionId>,
}

impl ReplyInvoker {
    /// Invokes the function of this name.
    pub fn new(aws: &SdkConfig, function: String) -> Self {
        Self { client: Client::new(aws), function }
    }

    /// Has an answer written. Asking twice is harmless: an answer is claimed by one writer.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when Lambda did not take it.
    pub async fn invoke(&self, owner: UserId, reply: MessageId, connection_id: Option<&str>) -> Result<(), Fault> {
        let connection_id = connection_id.map(|id| ConnectionId::from(id.to_owned()));
        let request = ReplyRequest { user_id: owner, message_id: reply, connection_id };
        let payload = serde_json::to_vec(&request).map_err(Fault::internal)?;
        let request = self
            .client
            .invoke()
            .function_name(&self.function)
            .invocation_type(InvocationType::Event)
            .payload(Blob::new(payload));
        Box::pin(request.send()).await.map(drop).map_err(|error| Fault::Unavailable {
            dependency: "The function that answers",
            retry_after: 5,
            source: Some(Box::new(error)),
        })
    }
}

impl fmt::Debug for ReplyInvoker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyInvoker").field("function", &self.function).finish_non_exhaustive()
    }
}
