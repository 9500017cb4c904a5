use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;
use url::Url;

use crate::Provider;

/// Which providers are configured. An operator's settings, never a user's input.
#[derive(Clone, Debug, Default)]
pub struct LlmSettings {
    /// `DEFAULT_MODEL`: the model that answers when none is named, as `provider/model`.
    pub default_model: Option<String>,
    /// `FALLBACK_MODEL`: the model that answers when the wanted one does not, as `provider/model`.
    pub fallback_model: Option<String>,
    /// `MODEL_CAPABILITIES`: what is known better of some models, as a JSON object by their ids.
    pub capabilities: Option<String>,
    /// `MODEL_PRICES`: other prices than those of `prices.json`, as a JSON object by the models' ids.
    pub prices: Option<String>,
    /// `OPENAI_API_KEY`.
    pub openai_key: Option<SecretString>,
    /// `OPENAI_BASE_URL`: a service that speaks OpenAI's chat completions, with the path that comes before `/chat/completions`.
    pub openai_base_url: Option<Url>,
    /// `ANTHROPIC_API_KEY`.
    pub anthropic_key: Option<SecretString>,
    /// `ANTHROPIC_BASE_URL`: another place that speaks like Anthropic, with the path that comes before `/messages`.
    pub anthropic_base_url: Option<Url>,
    /// `GEMINI_API_KEY`.
    pub gemini_key: Option<SecretString>,
    /// `GEMINI_BASE_URL`: another place that speaks like Gemini, with the path that comes before `/models`.
    pub gemini_base_url: Option<Url>,
    /// `LM_STUDIO_URL`, as `http://localhost:1234`.
    pub lm_studio_url: Option<Url>,
    /// `OLLAMA_URL`, as `http://localhost:11434`.
    pub ollama_url: Option<Url>,
}

impl LlmSettings {
    /// The settings of these names, looked up wherever they are kept.
    ///
    /// # Errors
    /// [`SettingsError`] names an address that cannot be used, and why.
    pub fn read(setting: impl Fn(&'static str) -> Option<String>) -> Result<Self, SettingsError> {
        let address = |name| setting(name).map(|value| parse_base_url(name, &value)).transpose();
        Ok(Self {
            default_model: setting("DEFAULT_MODEL"),
            fallback_model: setting("FALLBACK_MODEL"),
            capabilities: setting("MODEL_CAPABILITIES"),
            prices: setting("MODEL_PRICES"),
            openai_key: setting("OPENAI_API_KEY").map(SecretString::from),
            openai_base_url: address("OPENAI_BASE_URL")?,
            anthropic_key: setting("ANTHROPIC_API_KEY").map(SecretString::from),
            anthropic_base_url: address("ANTHROPIC_BASE_URL")?,
            gemini_key: setting("GEMINI_API_KEY").map(SecretString::from),
            gemini_base_url: address("GEMINI_BASE_URL")?,
            lm_studio_url: address("LM_STUDIO_URL")?,
            ollama_url: address("OLLAMA_URL")?,
        })
    }

    /// Where a provider is and what opens it; `None` when it is not configured.
    pub(crate) fn place(&self, provider: Provider) -> Option<(Url, Option<&SecretString>)> {
        let (url, key) = match provider {
            Provider::OpenAi => (&self.openai_base_url, &self.openai_key),
            Provider::Anthropic => (&self.anthropic_base_url, &self.anthropic_key),
            Provider::Gemini => (&self.gemini_base_url, &self.gemini_key),
            Provider::LmStudio => (&self.lm_studio_url, &None),
            Provider::Ollama => (&self.ollama_url, &None),
        };
        let key = key.as_ref().filter(|key| !key.expose_secret().trim().is_empty());
        let own = || Url::parse(provider.own_url()?).ok();
        Some((url.clone().or_else(|| key.and_then(|_| own()))?, key))
    }
}

/// A setting that cannot be used, and what it should be.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{setting} {reason}")]
pub struct SettingsError {
    /// Its name.
    pub setting: &'static str,
    /// What is wrong, as a clause that follows the name; it never repeats the value.
    pub reason: &'static str,
}

/// Reads a provider's address from a setting.
///
/// # Errors
/// [`SettingsError`] when it is not one that [`crate::Models::new`] accepts.
pub fn parse_base_url(setting: &'static str, value: &str) -> Result<Url, SettingsError> {
    let url = Url::parse(value.trim())
        .map_err(|_| SettingsError { setting, reason: "is not a URL; it should look like http://localhost:1234" })?;
    check_base_url(setting, &url)?;
    Ok(url)
}

/// The root of a provider's API, without a slash at its end: `/v1` is added where the setting gives no path.
pub(crate) fn api_root(provider: Provider, url: &Url, with_key: bool) -> Result<Url, SettingsError> {
    let setting = provider.url_setting();
    check_base_url(setting, url)?;
    if with_key && url.scheme() == "http" && !is_loopback(url) {
        return Err(SettingsError { setting, reason: "must begin with https://, or the key would travel unencrypted" });
    }
    let mut root = url.clone();
    let path = url.path().trim_end_matches('/');
    root.set_path(if path.is_empty() { provider.version_path() } else { path });
    Ok(root)
}

/// Whether the address is this machine's own.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn check_base_url(setting: &'static str, url: &Url) -> Result<(), SettingsError> {
    let refuse = |reason| Err(SettingsError { setting, reason });
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return refuse("must begin with http:// or https:// and name a host, as http://localhost:1234");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("must not hold a user name or a password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("must end after its path: no `?` and no `#`");
    }
    let path = url.path().trim_end_matches('/');
    for (end, reason) in [
        ("/chat/completions", "must end before /chat/completions"),
        ("/messages", "must end before /messages"),
        ("/models", "must end before /models"),
    ] {
        if path.ends_with(end) {
            return refuse(reason);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(value: &str) -> &'static str {
        parse_base_url("LM_STUDIO_URL", value).expect_err("the URL is refused").reason
    }

    #[test]
    fn a_refused_address_says_what_it_should_be() {
        assert!(reason("my computer").contains("is not a URL"));
        assert!(reason("localhost:1234").contains("must begin with http://"));
        assert!(reason("ftp://example.com").contains("must begin with http://"));
        assert!(reason("https://me:secret@example.com/v1").contains("password"));
        assert!(reason("https://example.com/v1?key=secret").contains('?'));
        assert!(reason("https://example.com/v1/chat/completions").contains("before /chat/completions"));
        let shown =
            parse_base_url("OPENAI_BASE_URL", "https://me:secret@example.com").map_err(|error| error.to_string());
        assert_eq!(shown, Err("OPENAI_BASE_URL must not hold a user name or a password".to_owned()));
    }

    #[test]
    fn settings_are_read_by_their_names() {
        let settings = LlmSettings::read(|name| match name {
            "DEFAULT_MODEL" => Some("ollama/llama3.2".to_owned()),
            "OPENAI_API_KEY" => Some("sk-secret".to_owned()),
            "OPENAI_BASE_URL" => Some("https://openrouter.ai/api/v1".to_owned()),
            "LM_STUDIO_URL" => Some("http://localhost:1234".to_owned()),
            "OLLAMA_URL" => Some("http://localhost:11434".to_owned()),
            "FALLBACK_MODEL" => Some("openai/gpt-5-mini".to_owned()),
            "ANTHROPIC_API_KEY" => Some("sk-ant-secret".to_owned()),
            _ => None,
        })
        .expect("they are settings");
        assert_eq!(settings.default_model.as_deref(), Some("ollama/llama3.2"));
        assert_eq!(settings.openai_key.as_ref().map(secrecy::ExposeSecret::expose_secret), Some("sk-secret"));
        assert_eq!(settings.fallback_model.as_deref(), Some("openai/gpt-5-mini"));
        let (url, key) = settings.place(Provider::Anthropic).expect("it has a key");
        assert_eq!((url.as_str(), key.is_some()), ("https://api.anthropic.com/v1", true));
        assert!(settings.place(Provider::Gemini).is_none());
        let host = |url: Option<Url>| url.and_then(|url| url.host_str().map(str::to_owned));
        assert_eq!(host(settings.openai_base_url).as_deref(), Some("openrouter.ai"));
        assert_eq!(settings.lm_studio_url.and_then(|url| url.port()), Some(1234));
        assert_eq!(settings.ollama_url.and_then(|url| url.port()), Some(11434));

        let none = LlmSettings::read(|_| None).expect("nothing has to be set");
        assert!(Provider::ALL.iter().all(|provider| none.place(*provider).is_none()));
        let refused = LlmSettings::read(|name| (name == "OLLAMA_URL").then(|| "my computer".to_owned()));
        assert_eq!(refused.expect_err("that is no address").setting, "OLLAMA_URL");
    }

    #[test]
    fn the_root_gets_a_version_only_where_there_is_no_path() {
        for (given, root) in [
            ("http://localhost:1234", "http://localhost:1234/v1"),
            (" http://localhost:1234/ ", "http://localhost:1234/v1"),
            ("http://localhost:1234/v1/", "http://localhost:1234/v1"),
            ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"),
        ] {
            let url = parse_base_url("LM_STUDIO_URL", given).expect("the URL is accepted");
            assert_eq!(api_root(Provider::LmStudio, &url, false).map(String::from), Ok(root.to_owned()));
        }
    }

    #[test]
    fn a_key_travels_encrypted_or_stays_on_the_machine() {
        let root = |value: &str, with_key| {
            api_root(Provider::OpenAi, &parse_base_url("OPENAI_BASE_URL", value).expect("a URL"), with_key).is_ok()
        };
        assert!(!root("http://example.com/v1", true));
        assert!(root("http://example.com/v1", false));
        assert!(root("https://example.com/v1", true));
        for own in ["http://127.0.0.1:8080/v1", "http://[::1]:8080/v1", "http://localhost:8080/v1"] {
            assert!(root(own, true), "{own}");
        }
    }
}
