use serde::{Deserialize, Deserializer};

/// A member of a partial update that can be left as it is, cleared, or set.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Patch<T> {
    /// The member was not sent.
    #[default]
    Keep,
    /// The member was sent as `null`.
    Clear,
    /// The member was sent with a value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether nothing was asked.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The value to store, where one is to be set.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// Parses the value inside.
    ///
    /// # Errors
    /// Whatever `parse` refuses.
    pub fn try_map<U, E>(self, parse: impl FnOnce(T) -> Result<U, E>) -> Result<Patch<U>, E> {
        Ok(match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(parse(value)?),
        })
    }
}

/// Needs `#[serde(default)]` on the member: an absent one is [`Patch::Keep`].
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Body {
        #[serde(default)]
        model: Patch<String>,
    }

    #[test]
    fn absent_null_and_a_value_are_told_apart() {
        let read = |json: &str| serde_json::from_str::<Body>(json).map(|body| body.model).ok();
        assert_eq!(read("{}"), Some(Patch::Keep));
        assert_eq!(read(r#"{"model":null}"#), Some(Patch::Clear));
        assert_eq!(read(r#"{"model":"m"}"#), Some(Patch::Set("m".to_owned())));
    }
}
