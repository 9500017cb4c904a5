use std::fmt;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Clock, Fault};

use crate::{Rate, Subject};

/// Each turn somebody else was faster; after so many we count as refused.
const TURNS: usize = 20;

/// Who did what how often, in `DynamoDB`. Cheap to clone.
///
/// A bucket is one number: the time up to which it is paid for (the generic cell rate algorithm). Taking one moves that time on; a bucket
/// that nobody used for long is in the past, and the same as none. Time-to-live only cleans up.
#[derive(Clone, Debug)]
pub struct Limits {
    client: Client,
    table: String,
    clock: Clock,
}

impl Limits {
    /// The limits kept in this table.
    pub fn new(aws: &SdkConfig, table: String, clock: Clock) -> Self {
        Self { client: Client::new(aws), table, clock }
    }

    /// Counts one more `what` by `whom`.
    ///
    /// # Errors
    /// [`Fault::RateLimited`] when that is one too many; [`Fault::Unavailable`] when nobody can tell.
    pub async fn take(&self, what: &str, whom: &Subject, rate: Rate) -> Result<(), Fault> {
        let key = format!("{what}#{}", whom.as_str());
        let interval = rate.interval_ms();
        let mut paid_until = 0;
        for _ in 0..TURNS {
            let now = self.clock.now().timestamp_millis();
            // What is paid for beyond now moves on; what lies in the past begins at now.
            let taken = if paid_until > now {
                self.move_on(&key, interval, now, now + rate.window_ms() - interval).await?
            } else {
                self.begin(&key, interval, now).await?
            };
            if taken {
                return Ok(());
            }
            paid_until = self.read(&key).await?;
            if paid_until > now + rate.window_ms() - interval {
                return Err(limited(paid_until - (now + rate.window_ms() - interval)));
            }
        }
        Err(limited(interval))
    }

    /// The same for what is better done than refused while nobody can count.
    ///
    /// # Errors
    /// [`Fault::RateLimited`] when that is one too many.
    pub async fn take_unless_unavailable(&self, what: &str, whom: &Subject, rate: Rate) -> Result<(), Fault> {
        match self.take(what, whom, rate).await {
            Err(fault @ Fault::Unavailable { .. }) => {
                tracing::error!(
                    error = &fault as &dyn std::error::Error,
                    what,
                    "it is not counted how often this is done"
                );
                Ok(())
            }
            result => result,
        }
    }

    /// Begins a bucket, unless one is in use.
    async fn begin(&self, key: &str, interval: i64, now: i64) -> Result<bool, Fault> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("bucket", AttributeValue::S(key.to_owned()))
            .update_expression("SET paid_until = :then, expires_at = :expires")
            .condition_expression("attribute_not_exists(paid_until) OR paid_until <= :now")
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":then", number(now + interval))
            .expression_attribute_values(":expires", number(expiry(now)));
        done(Box::pin(update.send()).await)
    }

    /// Moves a bucket in use on, unless it is full.
    async fn move_on(&self, key: &str, interval: i64, now: i64, latest: i64) -> Result<bool, Fault> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("bucket", AttributeValue::S(key.to_owned()))
            .update_expression("SET paid_until = paid_until + :interval, expires_at = :expires")
            .condition_expression("paid_until > :now AND paid_until <= :latest")
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":latest", number(latest))
            .expression_attribute_values(":interval", number(interval))
            .expression_attribute_values(":expires", number(expiry(now)));
        done(Box::pin(update.send()).await)
    }

    /// Until when a bucket is paid for; 0 when there is none.
    async fn read(&self, key: &str) -> Result<i64, Fault> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("bucket", AttributeValue::S(key.to_owned()))
            .consistent_read(true);
        let item = Box::pin(request.send()).await.map_err(unavailable)?.item.unwrap_or_default();
        Ok(item.get("paid_until").and_then(|value| value.as_n().ok()?.parse().ok()).unwrap_or_default())
    }
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// Two days are longer than any window.
fn expiry(now_ms: i64) -> i64 {
    now_ms / 1_000 + 2 * 24 * 60 * 60
}

fn limited(wait_ms: i64) -> Fault {
    Fault::RateLimited { retry_after: u32::try_from((wait_ms + 999) / 1_000).unwrap_or(u32::MAX).max(1) }
}

fn done<T, R: fmt::Debug + Send + Sync + 'static>(
    result: Result<T, SdkError<UpdateItemError, R>>,
) -> Result<bool, Fault> {
    match result {
        Ok(_) => Ok(true),
        Err(error) if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) => {
            Ok(false)
        }
        Err(error) => Err(unavailable(error)),
    }
}

pub(crate) fn unavailable<E, R>(error: SdkError<E, R>) -> Fault
where
    E: std::error::Error + Send + Sync + 'static,
    R: fmt::Debug + Send + Sync + 'static,
{
    Fault::Unavailable { dependency: "The count of attempts", retry_after: 5, source: Some(Box::new(error)) }
}
