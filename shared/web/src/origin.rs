use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

/// What the front door adds to every request. Who calls an API's own address lacks it, and is refused: past the front door there is
/// no trusted `x-public-origin` and `x-viewer-address`.
#[derive(Clone)]
pub struct OriginSecret(SecretString);

impl OriginSecret {
    /// The header that carries it.
    pub const HEADER: &'static str = "x-origin-secret";

    /// The secret that the front door was given.
    pub const fn new(secret: SecretString) -> Self {
        Self(secret)
    }

    /// Whether this is the front door's; the time it takes does not tell how much of it is right.
    pub fn admits(&self, presented: Option<&str>) -> bool {
        let expected = self.0.expose_secret().as_bytes();
        presented.is_some_and(|presented| presented.as_bytes().ct_eq(expected).into()) && !expected.is_empty()
    }
}

impl fmt::Debug for OriginSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OriginSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_secret_is_admitted() {
        let secret = OriginSecret::new("s3cret".into());
        assert!(secret.admits(Some("s3cret")));
        for presented in [None, Some(""), Some("s3cre"), Some("s3crets"), Some("S3CRET")] {
            assert!(!secret.admits(presented), "{presented:?}");
        }
        assert!(!OriginSecret::new("".into()).admits(Some("")), "an empty secret admits nobody");
    }
}
