use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::config::Builder;
use aws_sdk_apigatewaymanagement::config::http::HttpResponse;
use aws_sdk_apigatewaymanagement::error::{DisplayErrorContext, SdkError};
use aws_sdk_apigatewaymanagement::operation::post_to_connection::PostToConnectionError;
use aws_sdk_apigatewaymanagement::primitives::Blob;

use crate::{ConnectionId, ServerFrame, WireFrame};

/// Sends frames to open sockets, through `@connections` of API Gateway. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sender {
    client: Client,
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Delivery {
    /// API Gateway has it.
    Sent,
    /// The socket is closed, or not open yet.
    Gone,
    /// Too many at once: worth trying again, more slowly.
    Throttled,
    /// Something else went wrong.
    Failed,
}

impl Sender {
    /// A sender to the sockets of one WebSocket API; `endpoint` is its management endpoint, with the stage.
    pub fn new(aws: &SdkConfig, endpoint: &str) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_timeout(Duration::from_secs(3))
            .build();
        // Who sends knows better than the client whether, and when, to repeat a frame.
        let config =
            Builder::from(aws).endpoint_url(endpoint).timeout_config(timeouts).retry_config(RetryConfig::disabled());
        Self { client: Client::from_conf(config.build()) }
    }

    /// Posts a frame.
    pub async fn post(&self, connection: &ConnectionId, frame: &WireFrame) -> Delivery {
        let request =
            self.client.post_to_connection().connection_id(connection.as_str()).data(Blob::new(frame.bytes()));
        match Box::pin(request.send()).await {
            Ok(_) => Delivery::Sent,
            Err(error) => {
                let delivery = Delivery::from(&error);
                if delivery == Delivery::Failed {
                    tracing::warn!(connection.id = %connection, error = %DisplayErrorContext(&error), "a frame was not sent");
                }
                delivery
            }
        }
    }

    /// Serialises and posts a frame.
    pub async fn send(&self, connection: &ConnectionId, frame: &ServerFrame) -> Delivery {
        match frame.encode() {
            Ok(frame) => self.post(connection, &frame).await,
            Err(fault) => {
                tracing::error!(error = &fault as &dyn std::error::Error, "a frame could not be made");
                Delivery::Failed
            }
        }
    }

    /// Closes a socket. One that is closed already stays so.
    pub async fn close(&self, connection: &ConnectionId) {
        let request = self.client.delete_connection().connection_id(connection.as_str());
        match Box::pin(request.send()).await {
            Err(error) if error.as_service_error().is_none_or(|error| !error.is_gone_exception()) => {
                tracing::warn!(connection.id = %connection, error = %DisplayErrorContext(&error), "a socket was not closed");
            }
            _ => {}
        }
    }
}

impl From<&SdkError<PostToConnectionError, HttpResponse>> for Delivery {
    fn from(error: &SdkError<PostToConnectionError, HttpResponse>) -> Self {
        // By status as well: not every refusal says its type.
        let status = error.raw_response().map(|response| response.status().as_u16());
        match error.as_service_error() {
            Some(PostToConnectionError::GoneException(_)) => Self::Gone,
            Some(PostToConnectionError::LimitExceededException(_)) => Self::Throttled,
            _ if status == Some(410) => Self::Gone,
            _ if status == Some(429) => Self::Throttled,
            _ => Self::Failed,
        }
    }
}
