use std::fmt;

use crate::{ApiKeyId, Fault, Role, Scope, SessionId, UserId};

/// The SHA-256 of a token: all that is kept of one. A token has 256 random bits, so that a fast hash is enough.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash with these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, as they are stored.
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// In hexadecimal, for where bytes cannot be kept; asked for by name, so that no log has it by accident.
impl fmt::LowerHex for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Whoever could read it in a log could look for the session.
impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash")
    }
}

/// What a request shows to say who asks; of each kind there is one way in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Credential {
    /// The cookie of a browser.
    Session(TokenHash),
    /// A program's key, as a Bearer token.
    ApiKey(TokenHash),
}

/// Which credential it was, for as long as it is not revoked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CredentialId {
    /// A browser's session.
    Session(SessionId),
    /// A program's key.
    ApiKey(ApiKeyId),
}

impl CredentialId {
    /// Reads what [`fmt::Display`] wrote.
    ///
    /// # Errors
    /// [`Fault::Internal`] when it did not.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let read = |(kind, id): (&str, &str)| match kind {
            "session" => Some(Self::Session(id.parse().ok()?)),
            "key" => Some(Self::ApiKey(id.parse().ok()?)),
            _ => None,
        };
        text.split_once(':').and_then(read).ok_or_else(|| Fault::internal("a credential's id is not one of ours"))
    }
}

/// As it is kept beside an open socket: `session:` or `key:` and the id.
impl fmt::Display for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session(id) => write!(f, "session:{id}"),
            Self::ApiKey(id) => write!(f, "key:{id}"),
        }
    }
}

/// Who asks, as a valid credential says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    /// The person.
    pub user_id: UserId,
    /// What they are in this portal.
    pub role: Role,
    /// What they showed.
    pub credential: CredentialId,
    /// What the credential is good for; a session is for everything.
    pub scopes: Vec<Scope>,
}

impl Identity {
    /// Whether the credential is good for this.
    pub fn may(&self, scope: Scope) -> bool {
        matches!(self.credential, CredentialId::Session(_)) || self.scopes.contains(&scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;

    #[test]
    fn a_credentials_id_is_read_as_it_was_written() {
        let clock = Clock::system();
        for id in [CredentialId::Session(SessionId::new(&clock)), CredentialId::ApiKey(ApiKeyId::new(&clock))] {
            assert_eq!(CredentialId::parse(&id.to_string()).ok(), Some(id));
        }
        for text in ["", "session", "session:", "cookie:01890a5d-ac96-774b-bcce-b302099a8057"] {
            assert!(CredentialId::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_hash_is_not_printed() {
        assert_eq!(format!("{:?}", Credential::Session(TokenHash::new([7; 32]))), "Session(TokenHash)");
    }
}
