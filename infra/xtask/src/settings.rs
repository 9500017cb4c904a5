use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

/// What the operator of this machine chose: `.env.local`, and what answers on the usual ports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    values: BTreeMap<String, String>,
}

const KNOWN: [&str; 15] = [
    "PORT",
    "SIGN_UP",
    "DEFAULT_MODEL",
    "FALLBACK_MODEL",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_BASE_URL",
    "GEMINI_API_KEY",
    "GEMINI_BASE_URL",
    "LM_STUDIO_URL",
    "OLLAMA_URL",
    "MODEL_CAPABILITIES",
    "MODEL_PRICES",
    "PORTAL_INSTRUCTIONS",
];

/// Where language models of this machine listen, unless they were told otherwise.
const USUAL: [(&str, u16); 2] = [("LM_STUDIO_URL", 1234), ("OLLAMA_URL", 11434)];

impl Settings {
    /// Reads a file of `NAME=value` lines; no file means no settings.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        match std::fs::read_to_string(file) {
            Ok(text) => Self::parse(&text).with_context(|| format!("{} cannot be used", file.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
        }
    }

    fn parse(text: &str) -> Result<Self> {
        let mut values = BTreeMap::new();
        for (number, line) in text.lines().map(str::trim).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            // The value may be a secret: it is never repeated.
            let Some((name, value)) = line.split_once('=') else {
                bail!("line {} is not of the form NAME=value", number + 1)
            };
            let (name, value) = (name.trim(), value.trim().trim_matches(['"', '\'']));
            if !KNOWN.contains(&name) {
                bail!("line {}: {name} is not a setting; there are {}", number + 1, KNOWN.join(", "));
            }
            if !value.is_empty() {
                values.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(Self { values })
    }

    /// Adds the language models that answer on their usual ports; returns their settings' names.
    pub(crate) fn discover(&mut self) -> Vec<&'static str> {
        let mut found = Vec::new();
        for (name, port) in USUAL {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            if !self.values.contains_key(name)
                && TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok()
            {
                self.values.insert(name.to_owned(), format!("http://127.0.0.1:{port}"));
                found.push(name);
            }
        }
        found
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), value.into());
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// The port that the portal is wanted on.
    pub(crate) fn port(&self) -> Result<u16> {
        match self.get("PORT") {
            "" => Ok(8787),
            port => port.parse().context("PORT must be a number from 1 to 65535"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_what_is_none_is_named_without_its_value() {
        let settings = Settings::parse("# models\nOPENAI_API_KEY=\"sk-1\"\n\nOLLAMA_URL=\n").expect("settings");
        assert_eq!((settings.get("OPENAI_API_KEY"), settings.get("OLLAMA_URL")), ("sk-1", ""));
        let error = Settings::parse("OPENAI_KEY=sk-1").expect_err("no setting").to_string();
        assert!(error.contains("OPENAI_KEY") && !error.contains("sk-1"), "{error}");
    }
}
