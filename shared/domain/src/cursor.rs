use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeZone as _, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{ConversationId, Fault};

/// One page of a list, and where the next one begins.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Send it back as `cursor` for the next page; absent on the last one.
    pub next_cursor: Option<String>,
}

/// A place in a person's list of conversations: pinned ones first, then the last changed. It is the key of the last line seen
/// (keyset pagination), so that a page costs the same at any depth and nothing is shown twice.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ConversationCursor {
    /// Whether that line is pinned.
    pub pinned: bool,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Which it is.
    pub id: ConversationId,
}

impl ConversationCursor {
    /// Reads a cursor that came with a page.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when it is not one of ours.
    pub fn parse(field: &'static str, value: &str) -> Result<Self, Fault> {
        value.parse().map_err(|()| Fault::invalid(field, "must be the `next_cursor` of an earlier page, unchanged"))
    }
}

/// `p` or `u`, the microseconds since the epoch in hexadecimal, and the id.
impl fmt::Display for ConversationCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pinned = if self.pinned { 'p' } else { 'u' };
        write!(f, "{pinned}{:x}-{}", self.updated_at.timestamp_micros(), self.id.as_uuid().simple())
    }
}

impl FromStr for ConversationCursor {
    type Err = ();

    fn from_str(value: &str) -> Result<Self, ()> {
        let (pinned, rest) = match value.split_at_checked(1) {
            Some(("p", rest)) => (true, rest),
            Some(("u", rest)) => (false, rest),
            _ => return Err(()),
        };
        let (micros, id) = rest.split_once('-').ok_or(())?;
        let micros = i64::from_str_radix(micros, 16).map_err(|_| ())?;
        let updated_at = Utc.timestamp_micros(micros).single().ok_or(())?;
        Ok(Self { pinned, updated_at, id: Uuid::try_parse(id).map_err(|_| ())?.into() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_survives_the_trip_to_the_client(pinned: bool, micros in 0_i64..4_000_000_000_000_000, id: u128) {
            let updated_at = Utc.timestamp_micros(micros).single().unwrap_or_default();
            let cursor = ConversationCursor { pinned, updated_at, id: Uuid::from_u128(id).into() };
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text: String) {
            let _ = text.parse::<ConversationCursor>();
        }
    }
}
