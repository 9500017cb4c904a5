use http::HeaderValue;
use http::header::AUTHORIZATION;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use std::time::Duration;
use url::Url;

use crate::settings::{api_root, is_loopback};
use crate::{Provider, SettingsError, Timeouts};

/// A configured provider: where it is, and how it is talked to.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) provider: Provider,
    pub(crate) timeouts: Timeouts,
    /// Without a slash at its end.
    root: Url,
    /// Marked as sensitive, so that no log shows it.
    key: Option<HeaderValue>,
    client: Client,
}

impl Endpoint {
    pub(crate) fn new(
        provider: Provider,
        url: &Url,
        key: Option<&SecretString>,
        timeouts: Timeouts,
    ) -> Result<Self, SettingsError> {
        let key = key.map(bearer).transpose()?;
        let root = api_root(provider, url, key.is_some())?;
        let client = client(&root, timeouts).map_err(|_| SettingsError {
            setting: provider.url_setting(),
            reason: "cannot be used: TLS does not start",
        })?;
        Ok(Self { provider, timeouts, root, key, client })
    }

    /// Whether it is OpenAI itself and not another service that speaks like it.
    pub(crate) fn is_openai_itself(&self) -> bool {
        self.provider == Provider::OpenAi && self.root.host_str() == Some("api.openai.com")
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.with_key(self.client.get(self.url(path)))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.with_key(self.client.post(self.url(path)).json(body))
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.root.clone();
        url.set_path(&format!("{}{path}", self.root.path()));
        url
    }

    fn with_key(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.key {
            Some(key) => request.header(AUTHORIZATION, key),
            None => request,
        }
    }
}

fn bearer(key: &SecretString) -> Result<HeaderValue, SettingsError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret().trim())).map_err(|_| {
        SettingsError { setting: "OPENAI_API_KEY", reason: "holds a character that no key has; copy it once more" }
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn client(root: &Url, timeouts: Timeouts) -> reqwest::Result<Client> {
    let client = Client::builder()
        .user_agent("recollect")
        .connect_timeout(timeouts.connect)
        .tcp_keepalive(Duration::from_secs(30))
        // A sandbox that was frozen wakes up with dead connections; young ones are worth keeping.
        .pool_idle_timeout(Duration::from_secs(50))
        // A key must not follow a redirect to somebody else.
        .redirect(Policy::none());
    // A proxy of the operator's does not lead back to this machine.
    if is_loopback(root) { client.no_proxy().build() } else { client.build() }
}
