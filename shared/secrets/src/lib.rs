//! Keys that an operator keeps in AWS Secrets Manager: one secret, a JSON object of names and values, read when a sandbox starts.
//!
//! Without a secret there are none, and the settings of the environment are all there is: so it is on a laptop.

use std::collections::BTreeMap;
use std::fmt;

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::DisplayErrorContext;
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

/// The keys of one secret. Neither they nor the secret's content are in any of its outputs.
#[derive(Clone, Default)]
pub struct Secrets {
    values: BTreeMap<String, SecretString>,
}

/// Why a secret could not be read.
#[derive(Debug, Error)]
pub enum SecretsError {
    /// Secrets Manager did not give it.
    #[error("the secret {name} cannot be read: {reason}")]
    Unreadable {
        /// Its name or ARN.
        name: String,
        /// What Secrets Manager says.
        reason: String,
    },
    /// It holds something else.
    #[error("the secret {name} must be a JSON object of texts, as {{\"OPENAI_API_KEY\": \"…\"}}")]
    NoObject {
        /// Its name or ARN.
        name: String,
    },
}

impl Secrets {
    /// Reads the secret of this name or ARN; no name means no keys.
    pub async fn read(name: Option<String>) -> Result<Self, SecretsError> {
        match name {
            Some(name) => Self::read_with(&aws_config::load_from_env().await, name).await,
            None => Ok(Self::default()),
        }
    }

    /// The same with the configuration of a client.
    pub async fn read_with(aws: &SdkConfig, name: String) -> Result<Self, SecretsError> {
        let read = Client::new(aws).get_secret_value().secret_id(&name).send().await;
        let secret = read.map_err(|error| SecretsError::Unreadable {
            name: name.clone(),
            reason: DisplayErrorContext(error).to_string(),
        })?;
        let values =
            secret.secret_string().and_then(|text| serde_json::from_str::<BTreeMap<String, String>>(text).ok());
        let values = values.ok_or(SecretsError::NoObject { name })?;
        Ok(Self { values: values.into_iter().map(|(name, value)| (name, value.into())).collect() })
    }

    /// The key of this name.
    pub fn get(&self, name: &str) -> Option<String> {
        self.values.get(name).map(|value| value.expose_secret().to_owned()).filter(|value| !value.is_empty())
    }
}

/// The names alone.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}
