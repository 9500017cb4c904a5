use std::time::Duration;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;

use crate::Rejection;

/// How long the client would rather wait for the result than come back for it: `Prefer: wait=25` (RFC 7240, 4.3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PreferWait(pub Option<Duration>);

impl PreferWait {
    /// API Gateway gives up after 29 s; what is longer is shortened.
    pub const LONGEST: Duration = Duration::from_secs(25);
}

impl<S: Sync> FromRequestParts<S> for PreferWait {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        Ok(Self(read(&parts.headers)))
    }
}

/// A preference that is not understood is no preference: the RFC wants no error.
fn read(headers: &HeaderMap) -> Option<Duration> {
    let values = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let mut preferences = values.flat_map(|value| value.split([',', ';']));
    let seconds = preferences.find_map(|preference| {
        let (name, value) = preference.split_once('=')?;
        if !name.trim().eq_ignore_ascii_case("wait") {
            return None;
        }
        value.trim().trim_matches('"').parse().ok()
    })?;
    Some(Duration::from_secs(seconds).min(PreferWait::LONGEST)).filter(|wait| !wait.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_found_among_other_preferences_and_shortened() {
        let read = |value: &'static str| {
            read(&HeaderMap::from_iter([(http::header::HeaderName::from_static("prefer"), value.parse().ok()?)]))
        };
        assert_eq!(read("respond-async, wait=10"), Some(Duration::from_secs(10)));
        assert_eq!(read("Wait=600"), Some(PreferWait::LONGEST));
        for value in ["wait", "wait=soon", "wait=0", "return=minimal"] {
            assert_eq!(read(value), None, "{value}");
        }
    }
}
