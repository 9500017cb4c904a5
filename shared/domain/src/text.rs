use std::fmt;

use serde::Serialize;

use crate::{Fault, utf16_len, utf16_prefix};

macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}
pub(crate) use text;

text! {
    /// What a person says: 1 to 100,000 UTF-16 code units that are not all white space.
    Content
}

text! {
    /// The title of a conversation: one line of 1 to 200 UTF-16 code units.
    Title
}

text! {
    /// What a conversation asks of every answer: 1 to 8,000 UTF-16 code units.
    Instructions
}

text! {
    /// The sender's own name for a message, which makes sending it twice the same as once: 1 to 64 letters, digits, `-` and `_`.
    ClientId
}

text! {
    /// A provider and one of its models, as `openai/gpt-5-mini`, or `offline`: at most 200 printable characters without spaces.
    ModelId
}

text! {
    /// What a list is searched for: at most 200 UTF-16 code units.
    SearchText
}

impl Content {
    /// The longest prompt, in UTF-16 code units.
    pub const LIMIT: usize = 100_000;

    /// Reads a prompt; `field` names it in the error.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when it is blank, over [`Content::LIMIT`] or has a NUL character.
    pub fn parse(field: &'static str, value: &str) -> Result<Self, Fault> {
        not_blank(field, value)?;
        within(field, value, Self::LIMIT)?;
        no_nul(field, value)?;
        Ok(Self(value.to_owned()))
    }
}

impl Title {
    /// The longest title, in UTF-16 code units.
    pub const LIMIT: usize = 200;
    /// The longest title that is taken from a prompt, in UTF-16 code units.
    const FROM_PROMPT: usize = 60;

    /// Reads a title; white space around it is dropped.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when it is blank, over [`Title::LIMIT`] or has a control character (a line end is one).
    pub fn parse(field: &'static str, value: &str) -> Result<Self, Fault> {
        let value = value.trim();
        not_blank(field, value)?;
        within(field, value, Self::LIMIT)?;
        if value.chars().any(char::is_control) {
            return Err(Fault::invalid(field, "must be one line without control characters"));
        }
        Ok(Self(value.to_owned()))
    }

    /// The title that a conversation has until it gets a better one: how its first prompt begins, cut at a word.
    pub fn from_prompt(prompt: &Content) -> Self {
        Self(Self::beginning_of(prompt.as_str()))
    }

    /// Whether a title is only how a prompt begins.
    pub fn is_from_prompt(title: &str, prompt: &str) -> bool {
        title == Self::beginning_of(prompt)
    }

    fn beginning_of(prompt: &str) -> String {
        let words = prompt.split(|char: char| char.is_whitespace() || char.is_control());
        let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let line = if line.is_empty() { "New conversation" } else { line.as_str() };
        if utf16_len(line) <= Self::FROM_PROMPT {
            return line.to_owned();
        }
        let cut = utf16_prefix(line, Self::FROM_PROMPT - 1);
        let cut = cut.rfind(' ').filter(|at| *at > cut.len() / 2).map_or(cut, |at| &cut[..at]);
        format!("{}…", cut.trim_end())
    }
}

impl Instructions {
    /// The longest instructions, in UTF-16 code units.
    pub const LIMIT: usize = 8_000;

    /// Reads instructions.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when they are blank, over [`Instructions::LIMIT`] or have a NUL character.
    pub fn parse(field: &'static str, value: &str) -> Result<Self, Fault> {
        not_blank(field, value)?;
        within(field, value, Self::LIMIT)?;
        no_nul(field, value)?;
        Ok(Self(value.to_owned()))
    }
}

impl ClientId {
    /// Reads a client's id for a message.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when it has other characters or another length.
    pub fn parse(field: &'static str, value: &str) -> Result<Self, Fault> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if (1..=64).contains(&value.len()) && value.bytes().all(allowed) {
            Ok(Self(value.to_owned()))
        } else {
            Err(Fault::invalid(field, "must be 1 to 64 letters, digits, `-` or `_` (a UUID is a good choice)"))
        }
    }
}

impl ModelId {
    /// The built-in model that answers while no language model is configured.
    pub const OFFLINE: &'static str = "offline";

    /// Reads a model's id.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when it is empty, too long, or has spaces or control characters.
    pub fn parse(field: &'static str, value: &str) -> Result<Self, Fault> {
        let printable = value.chars().all(|char| !char.is_whitespace() && !char.is_control());
        if (1..=200).contains(&value.len()) && printable {
            Ok(Self(value.to_owned()))
        } else {
            Err(Fault::invalid(field, "must name a provider and a model, as `openai/gpt-5-mini`; see GET /api/models/"))
        }
    }

    /// The built-in model.
    pub fn offline() -> Self {
        Self(Self::OFFLINE.to_owned())
    }

    /// The provider's part: what stands before the first slash.
    pub fn provider(&self) -> &str {
        self.0.split_once('/').map_or(self.0.as_str(), |(provider, _)| provider)
    }

    /// The model's part, as its provider names it; it may contain slashes itself.
    pub fn model(&self) -> &str {
        self.0.split_once('/').map_or(self.0.as_str(), |(_, model)| model)
    }
}

impl SearchText {
    /// Reads what to search for; blank means nothing to search for.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when it is too long or has a NUL character.
    pub fn parse(field: &'static str, value: &str) -> Result<Option<Self>, Fault> {
        let value = value.trim();
        within(field, value, 200)?;
        no_nul(field, value)?;
        Ok((!value.is_empty()).then(|| Self(value.to_owned())))
    }
}

pub(crate) fn not_blank(field: &'static str, value: &str) -> Result<(), Fault> {
    if value.trim().is_empty() { Err(Fault::invalid(field, "must not be empty")) } else { Ok(()) }
}

pub(crate) fn within(field: &'static str, value: &str, limit: usize) -> Result<(), Fault> {
    let length = utf16_len(value);
    if length > limit {
        return Err(Fault::invalid(field, format!("must be at most {limit} characters long; it has {length}")));
    }
    Ok(())
}

/// Postgres cannot store U+0000 in text.
fn no_nul(field: &'static str, value: &str) -> Result<(), Fault> {
    if value.contains('\0') { Err(Fault::invalid(field, "must not contain the character U+0000")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_kept_as_it_is_up_to_its_limit() {
        let longest = "é".repeat(Content::LIMIT);
        assert_eq!(Content::parse("content", &longest).ok().map(String::from), Some(longest.clone()));
        let refused =
            Content::parse("content", &format!("{longest}x")).map_err(|fault| crate::Problem::from(&fault).detail);
        assert_eq!(refused.err().as_deref(), Some("`content` must be at most 100000 characters long; it has 100001."));
    }

    #[test]
    fn blank_and_nul_are_refused() {
        for value in ["", " \n\t ", "a\0b"] {
            assert!(Content::parse("content", value).is_err(), "{value:?}");
        }
    }

    #[test]
    fn a_title_from_a_long_prompt_is_cut_at_a_word() {
        let prompt =
            Content("How do I\n\nteach a very   old dog the newest of all the tricks that there are?".to_owned());
        assert_eq!(Title::from_prompt(&prompt).as_str(), "How do I teach a very old dog the newest of all the tricks…");
        assert!(Title::is_from_prompt(Title::from_prompt(&prompt).as_str(), prompt.as_str()));
        assert!(!Title::is_from_prompt("Old dogs", prompt.as_str()));
        let word = Content("x".repeat(100));
        assert_eq!(Title::from_prompt(&word).as_str(), format!("{}…", "x".repeat(59)));
        assert_eq!(Title::from_prompt(&Content("\u{1}".to_owned())).as_str(), "New conversation");
    }

    #[test]
    fn a_model_is_a_provider_and_a_name_that_may_have_slashes() {
        let model = ModelId::parse("model", "lm_studio/qwen/qwen3-8b").unwrap_or_else(|_| ModelId::offline());
        assert_eq!((model.provider(), model.model()), ("lm_studio", "qwen/qwen3-8b"));
        assert!(ModelId::parse("model", "a b").is_err());
    }
}
