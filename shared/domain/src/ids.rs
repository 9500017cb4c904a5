use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Clock, Fault};

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id that sorts after the ones made before it.
            pub fn new(clock: &Clock) -> Self {
                Self(clock.new_id())
            }

            /// The bare UUID.
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }

            /// Reads an id; `field` names it in the error.
            ///
            /// # Errors
            /// [`Fault::Invalid`] when `value` is not a UUID.
            pub fn parse(field: &'static str, value: &str) -> Result<Self, Fault> {
                value.parse().map_err(|_| Fault::invalid(field, "must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057"))
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(value).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

uuid_id! {
    /// A person with an account.
    UserId
}

uuid_id! {
    /// One conversation.
    ConversationId
}

uuid_id! {
    /// A browser that is signed in.
    SessionId
}

uuid_id! {
    /// A key that a program signs in with.
    ApiKeyId
}

uuid_id! {
    /// An invitation to make an account.
    InvitationId
}

impl UserId {
    /// The person that `migrate` makes. What is theirs becomes the first account's: setting the portal up gives them an e-mail
    /// address and a password.
    pub const BUILT_IN: Self = Self(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

    /// Nobody: who did what was done before it was known who asks. There is no such account.
    pub const NOBODY: Self = Self(Uuid::nil());
}

/// One message; grows with time, so that a child's id is always greater than its parent's.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = i64)]
pub struct MessageId(i64);

impl MessageId {
    /// The bare number.
    pub const fn as_i64(self) -> i64 {
        self.0
    }

    /// Reads an id; `field` names it in the error.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when `value` is not a number of 1 or more.
    pub fn parse(field: &'static str, value: &str) -> Result<Self, Fault> {
        let id = value.parse().ok().filter(|id| *id > 0);
        id.map(Self).ok_or_else(|| Fault::invalid(field, "must be the id of a message: a whole number of 1 or more"))
    }
}

impl From<i64> for MessageId {
    fn from(id: i64) -> Self {
        Self(id)
    }
}

impl From<MessageId> for i64 {
    fn from(id: MessageId) -> Self {
        id.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
