use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use secrecy::SecretString;
use thiserror::Error;

/// The environment of a function, read once when its sandbox starts. A variable that is set to nothing counts as not set.
#[derive(Clone)]
pub struct Env {
    variables: BTreeMap<String, String>,
}

/// A variable that keeps a function from starting. It names the variable and what was expected, never the value.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum EnvError {
    /// It has to be set.
    #[error("the environment variable {0} is not set, or empty; the template gives it to every function that needs it")]
    Missing(String),
    /// It is set to something else.
    #[error("the environment variable {name} is not a valid {expected}: {reason}")]
    Invalid {
        /// Which variable.
        name: String,
        /// What it should be.
        expected: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl Env {
    /// The environment of this process; what is not UTF-8 is left out.
    pub(crate) fn of_process() -> Self {
        let variables =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self { variables: variables.collect() }
    }

    /// An environment made up for a test.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        Self { variables: pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect() }
    }

    /// A variable that the function cannot do without.
    pub fn required(&self, name: &str) -> Result<String, EnvError> {
        self.optional(name).ok_or_else(|| EnvError::Missing(name.to_owned()))
    }

    /// A variable that may be absent.
    pub fn optional(&self, name: &str) -> Option<String> {
        self.variables.get(name).filter(|value| !value.is_empty()).cloned()
    }

    /// A secret that the function cannot do without.
    pub fn secret(&self, name: &str) -> Result<SecretString, EnvError> {
        self.required(name).map(SecretString::from)
    }

    /// A secret that may be absent.
    pub fn optional_secret(&self, name: &str) -> Option<SecretString> {
        self.optional(name).map(SecretString::from)
    }

    /// A variable of another type than text, that the function cannot do without.
    pub fn parsed<T>(&self, name: &str) -> Result<T, EnvError>
    where
        T: FromStr<Err: fmt::Display>,
    {
        self.optional_parsed(name)?.ok_or_else(|| EnvError::Missing(name.to_owned()))
    }

    /// A variable of another type than text, that may be absent.
    pub fn optional_parsed<T>(&self, name: &str) -> Result<Option<T>, EnvError>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let invalid = |error: T::Err| EnvError::Invalid {
            name: name.to_owned(),
            expected: type_name::<T>().rsplit("::").next().unwrap_or_default(),
            reason: error.to_string(),
        };
        self.optional(name).map(|value| value.parse().map_err(invalid)).transpose()
    }
}

/// The names alone: values may be secrets.
impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn an_empty_variable_is_an_absent_one() {
        let env = Env::from_pairs([("LM_STUDIO_URL", "")]);
        assert_eq!(env.optional("LM_STUDIO_URL"), None);
        assert_eq!(env.optional_parsed::<u16>("LM_STUDIO_URL"), Ok(None));
        assert!(env.optional_secret("LM_STUDIO_URL").is_none());
    }

    #[test]
    fn a_missing_variable_is_named() {
        let error = Env::from_pairs([("STAGE", "")]).required("STAGE").map_err(|error| error.to_string());
        assert_eq!(
            error.err().as_deref(),
            Some(
                "the environment variable STAGE is not set, or empty; the template gives it to every function that needs it"
            ),
        );
    }

    #[test]
    fn a_value_that_does_not_parse_is_described_and_not_repeated() {
        let env = Env::from_pairs([("PORT", "hunter2")]);
        let error = env.parsed::<u16>("PORT").map_err(|error| error.to_string()).err();
        assert_eq!(
            error.as_deref(),
            Some("the environment variable PORT is not a valid u16: invalid digit found in string")
        );
    }

    #[test]
    fn debug_shows_names_only() {
        let env = Env::from_pairs([("ORIGIN_SECRET", "hunter2")]);
        assert_eq!(format!("{env:?}"), r#"{"ORIGIN_SECRET"}"#);
        assert_eq!(
            env.secret("ORIGIN_SECRET").map(|secret| secret.expose_secret().to_owned()),
            Ok("hunter2".to_owned())
        );
    }
}
