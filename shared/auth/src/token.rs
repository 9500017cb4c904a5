use domain::{Fault, TokenHash};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// What a token is for. Each kind begins with letters of its own, so that one is never taken for another, and a leaked one is
/// recognised by whoever looks for secrets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenKind {
    /// A browser that is signed in.
    Session,
    /// A program's key.
    ApiKey,
    /// Makes the first account.
    SetUp,
    /// Makes an account.
    Invitation,
    /// Sets a new password.
    ResetLink,
    /// Opens one WebSocket.
    Ticket,
}

/// 256 random bits, written as 64 hexadecimal digits behind the letters of their kind. They mean nothing: what is known of them is
/// their hash, in a table.
#[derive(Clone, Debug)]
pub struct Token(SecretString);

impl TokenKind {
    /// The letters that a token of this kind begins with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "rcs_",
            Self::ApiKey => "rck_",
            Self::SetUp => "rcf_",
            Self::Invitation => "rci_",
            Self::ResetLink => "rcr_",
            Self::Ticket => "rct_",
        }
    }
}

impl Token {
    const DIGITS: usize = 64;

    /// A new one.
    ///
    /// # Errors
    /// [`Fault::Internal`] when the system has no random numbers.
    pub fn generate(kind: TokenKind) -> Result<Self, Fault> {
        let mut bytes = [0_u8; Self::DIGITS / 2];
        getrandom::fill(&mut bytes).map_err(|error| Fault::internal(error.to_string()))?;
        let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
        Ok(Self(digits.fold(kind.prefix().to_owned(), |token, digits| token + &digits).into()))
    }

    /// Reads a token of this kind; `None` for everything else.
    pub fn parse(kind: TokenKind, text: &str) -> Option<Self> {
        let digits = text.strip_prefix(kind.prefix())?;
        let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        (digits.len() == Self::DIGITS && hexadecimal).then(|| Self(text.into()))
    }

    /// What is kept of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash::new(Sha256::digest(self.0.expose_secret().as_bytes()).into())
    }

    /// The token itself, for the one who is to have it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KINDS: [TokenKind; 6] = [
        TokenKind::Session,
        TokenKind::ApiKey,
        TokenKind::SetUp,
        TokenKind::Invitation,
        TokenKind::ResetLink,
        TokenKind::Ticket,
    ];

    /// CVE-2025-41258: one secret was good for people and for a service.
    #[test]
    fn cve_2025_41258_a_token_of_one_kind_is_never_taken_for_another() {
        for kind in KINDS {
            let token = Token::generate(kind).expect("a token");
            for other in KINDS {
                assert_eq!(Token::parse(other, token.expose()).is_some(), kind == other);
            }
        }
    }

    #[test]
    fn a_token_is_256_bits_and_printed_nowhere() {
        let (one, other) = (
            Token::generate(TokenKind::ApiKey).expect("a token"),
            Token::generate(TokenKind::ApiKey).expect("a token"),
        );
        assert_eq!(one.expose().len(), 68);
        assert_ne!(one.hash(), other.hash());
        assert!(!format!("{one:?}").contains(&one.expose()[4..]));
    }

    proptest! {
        /// CVE-2026-39411: a header that only looked secret was taken for a proof. No text but one of ours is a token.
        #[test]
        fn cve_2026_39411_nothing_but_a_token_of_ours_is_one(text in "\\PC*") {
            for kind in KINDS {
                prop_assert!(Token::parse(kind, &text).is_none());
            }
        }

        #[test]
        fn a_web_token_is_no_key(head in "[A-Za-z0-9_-]{10,80}", body in "[A-Za-z0-9_-]{10,200}", signature in "[A-Za-z0-9_-]{43}") {
            let jwt = format!("ey{head}.ey{body}.{signature}");
            prop_assert!(Token::parse(TokenKind::ApiKey, &jwt).is_none());
        }
    }
}
