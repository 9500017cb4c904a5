use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use std::time::Duration;
use url::Url;

use crate::settings::{api_root, is_loopback};
use crate::{Format, Provider, SettingsError, Timeouts};

/// A configured provider: where it is, and how it is talked to.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) provider: Provider,
    pub(crate) timeouts: Timeouts,
    /// Without a slash at its end.
    root: Url,
    /// Marked as sensitive, so that no log shows it.
    key: Option<(HeaderName, HeaderValue)>,
    client: Client,
}

impl Endpoint {
    pub(crate) fn new(
        provider: Provider,
        url: &Url,
        key: Option<&SecretString>,
        timeouts: Timeouts,
    ) -> Result<Self, SettingsError> {
        let key = key.map(|key| header(provider, key)).transpose()?;
        let root = api_root(provider, url, key.is_some())?;
        let client = client(&root, timeouts).map_err(|_| SettingsError {
            setting: provider.url_setting(),
            reason: "cannot be used: TLS does not start",
        })?;
        Ok(Self { provider, timeouts, root, key, client })
    }

    /// Whether the provider itself is there, and not another service that speaks like it.
    pub(crate) fn is_own(&self) -> bool {
        let own = self.provider.own_url().and_then(|url| Url::parse(url).ok());
        own.is_none_or(|own| own.host() == self.root.host())
    }

    /// Whether it is OpenAI itself and not another service that speaks like it.
    pub(crate) fn is_openai_itself(&self) -> bool {
        self.provider == Provider::OpenAi && self.is_own()
    }

    /// Whether what is said to it stays with the operator.
    pub(crate) fn is_private(&self) -> bool {
        self.provider.is_local() || is_loopback(&self.root)
    }

    /// A part of the list of models; `page` is where it goes on.
    pub(crate) fn list(&self, page: Option<&str>) -> RequestBuilder {
        let mut url = self.url(&["models"]);
        let (size, next) = match self.provider.format() {
            Format::OpenAiChat => return self.with_headers(self.client.get(url)),
            Format::AnthropicMessages => ("limit", "after_id"),
            Format::GeminiGenerate => ("pageSize", "pageToken"),
        };
        url.query_pairs_mut().append_pair(size, "1000");
        if let Some(page) = page {
            url.query_pairs_mut().append_pair(next, page);
        }
        self.with_headers(self.client.get(url))
    }

    /// LM Studio's own list, which tells how much of its context a model was loaded with.
    pub(crate) fn list_of_lm_studio(&self) -> RequestBuilder {
        let mut url = self.root.clone();
        url.set_path("/api/v1/models");
        self.with_headers(self.client.get(url))
    }

    /// A request for a streamed answer.
    pub(crate) fn ask(&self, model: &str, body: &Value) -> RequestBuilder {
        let url = match self.provider.format() {
            Format::OpenAiChat => self.url(&["chat", "completions"]),
            Format::AnthropicMessages => self.url(&["messages"]),
            Format::GeminiGenerate => {
                let mut url = self.url(&["models", &format!("{model}:streamGenerateContent")]);
                url.query_pairs_mut().append_pair("alt", "sse");
                url
            }
        };
        self.with_headers(self.client.post(url).json(body))
    }

    /// An address below the root; what stands in a segment stays in it.
    fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.root.clone();
        // It has a host, and so a path.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    fn with_headers(&self, request: RequestBuilder) -> RequestBuilder {
        let request = match self.provider {
            Provider::Anthropic => request.header("anthropic-version", "2023-06-01"),
            _ => request,
        };
        match &self.key {
            Some((name, key)) => request.header(name, key),
            None => request,
        }
    }
}

/// The header that opens the provider. A key never stands in an address, which logs show.
fn header(provider: Provider, key: &SecretString) -> Result<(HeaderName, HeaderValue), SettingsError> {
    let key = key.expose_secret().trim();
    let (name, value) = match provider.format() {
        Format::OpenAiChat => (AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {key}"))),
        Format::AnthropicMessages => (HeaderName::from_static("x-api-key"), HeaderValue::from_str(key)),
        Format::GeminiGenerate => (HeaderName::from_static("x-goog-api-key"), HeaderValue::from_str(key)),
    };
    let mut value = value.map_err(|_| SettingsError {
        setting: provider.main_setting(),
        reason: "holds a character that no key has; copy it once more",
    })?;
    value.set_sensitive(true);
    Ok((name, value))
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
