use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use auth::{SessionCookie, Token, TokenKind};
use domain::{Credential, Fault, Identity};
use http::header::{AUTHORIZATION, COOKIE, ORIGIN};
use http::{HeaderMap, HeaderName, Method};
use secrecy::SecretString;

use crate::OriginSecret;

type Found = Pin<Box<dyn Future<Output = Result<Option<Identity>, Fault>> + Send>>;

/// Who is let in, and who they are: the one place that reads credentials from headers. Cheap to clone.
///
/// It knows what a credential looks like, and not where credentials are kept: whoever builds a function hands over what finds the person.
#[derive(Clone)]
pub struct Access {
    origin: OriginSecret,
    identify: Arc<dyn Fn(Credential) -> Found + Send + Sync>,
}

impl Access {
    /// The header that says which origin the viewer sees; the front door's word.
    pub const PUBLIC_ORIGIN: HeaderName = HeaderName::from_static("x-public-origin");
    /// The header that a page of ours adds to what changes something. A page of another origin cannot: the browser would ask first,
    /// and is not answered.
    pub const CSRF: HeaderName = HeaderName::from_static("x-csrf-protection");

    /// Lets in what comes through the front door, and finds people with `identify`.
    pub fn new<F>(origin: SecretString, identify: impl Fn(Credential) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Option<Identity>, Fault>> + Send + 'static,
    {
        let identify = move |credential| Box::pin(identify(credential)) as Found;
        Self { origin: OriginSecret::new(origin), identify: Arc::new(identify) }
    }

    /// Whether this came through the front door.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] when it did not.
    pub fn admit(&self, headers: &HeaderMap) -> Result<(), Fault> {
        let presented = headers.get(OriginSecret::HEADER).and_then(|value| value.to_str().ok());
        if self.origin.admits(presented) {
            Ok(())
        } else {
            Err(Fault::Forbidden("Requests are taken through the portal's own address only"))
        }
    }

    /// Whether what changes something was sent by a page of ours, or by a program: only a browser sends a cookie without being told.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] when it was sent by a page of somebody else's, or may have been.
    pub fn protect(&self, method: &Method, headers: &HeaderMap) -> Result<(), Fault> {
        if method.is_safe() {
            return Ok(());
        }
        if headers.contains_key(AUTHORIZATION) && !headers.contains_key(ORIGIN) {
            return Ok(());
        }
        Self::same_origin(headers)?;
        if headers.contains_key(AUTHORIZATION) || headers.contains_key(&Self::CSRF) {
            Ok(())
        } else {
            Err(Fault::Forbidden("Send the header `x-csrf-protection: 1` with what changes something"))
        }
    }

    /// Whether the page that sent this is of the origin that it was sent to.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] when it is not, or does not say.
    pub fn same_origin(headers: &HeaderMap) -> Result<(), Fault> {
        let mut origins = headers.get_all(ORIGIN).iter();
        let (origin, more) = (origins.next(), origins.next());
        let ours = headers.get(&Self::PUBLIC_ORIGIN);
        if origin.is_some() && origin == ours && more.is_none() {
            Ok(())
        } else {
            Err(Fault::Forbidden("The header `Origin` must be the portal's own address"))
        }
    }

    /// The cookie that holds sessions on the viewer's origin.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] where no cookie is safe: without HTTPS, anywhere but on a loopback address.
    pub fn cookie(headers: &HeaderMap) -> Result<SessionCookie, Fault> {
        let origin = headers.get(&Self::PUBLIC_ORIGIN).and_then(|origin| origin.to_str().ok());
        origin.and_then(SessionCookie::on).ok_or(Fault::Forbidden("Signing in takes HTTPS, or this very machine"))
    }

    /// Who asks.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] when nobody does, or not with anything that is good: the two are not told apart.
    pub async fn identify(&self, headers: &HeaderMap) -> Result<Identity, Fault> {
        let credential = credential(headers).ok_or(Fault::Unauthenticated)?;
        (self.identify)(credential).await?.ok_or(Fault::Unauthenticated)
    }
}

/// There is one way for programs and one for browsers. Whoever shows a key is judged by it, whatever cookie comes along.
fn credential(headers: &HeaderMap) -> Option<Credential> {
    let mut authorizations = headers.get_all(AUTHORIZATION).iter();
    if let Some(value) = authorizations.next() {
        let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
        let is_alone = scheme.eq_ignore_ascii_case("bearer") && authorizations.next().is_none();
        let key = Token::parse(TokenKind::ApiKey, key.trim()).filter(|_| is_alone)?;
        return Some(Credential::ApiKey(key.hash()));
    }
    let cookie = Access::cookie(headers).ok()?;
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    Some(Credential::Session(cookie.find(cookies)?.hash()))
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Access")
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let header = |(name, value): &(&'static str, &str)| {
            Some((HeaderName::from_static(name), HeaderValue::from_str(value).ok()?))
        };
        pairs.iter().filter_map(header).collect()
    }

    fn access() -> Access {
        Access::new("of the front door".into(), async |_| Ok(None))
    }

    const OURS: &str = "http://127.0.0.1:8787";

    #[test]
    fn what_changes_something_comes_from_our_own_page() {
        let ours = [("x-public-origin", OURS), ("origin", OURS), ("x-csrf-protection", "1")];
        assert!(access().protect(&Method::POST, &headers(&ours)).is_ok());
        for left_out in 0..ours.len() {
            let mut fewer = ours.to_vec();
            fewer.remove(left_out);
            assert!(access().protect(&Method::POST, &headers(&fewer)).is_err(), "{fewer:?}");
            assert!(access().protect(&Method::GET, &headers(&fewer)).is_ok());
        }
        for origin in
            ["https://127.0.0.1:8787", "http://127.0.0.1:8788", "http://127.0.0.1:8787.evil.example", "null", ""]
        {
            let foreign = [("x-public-origin", OURS), ("origin", origin), ("x-csrf-protection", "1")];
            for method in [Method::POST, Method::PATCH, Method::PUT, Method::DELETE] {
                assert!(access().protect(&method, &headers(&foreign)).is_err(), "{method} {origin}");
            }
        }
    }

    #[test]
    fn a_program_that_shows_a_key_needs_no_origin_and_no_foreign_page_may_use_one() {
        assert!(access().protect(&Method::POST, &headers(&[("authorization", "Bearer x")])).is_ok());
        let foreign = [("authorization", "Bearer x"), ("x-public-origin", OURS), ("origin", "https://evil.example")];
        assert!(access().protect(&Method::POST, &headers(&foreign)).is_err());
    }

    /// CVE-2026-45339: what a key may do was checked in one header and not in another. There is one header.
    #[test]
    fn cve_2026_45339_a_key_is_read_from_one_header_alone() {
        let key = Token::generate(TokenKind::ApiKey).unwrap();
        let key = key.expose();
        assert!(credential(&headers(&[("authorization", &format!("Bearer {key}"))])).is_some());
        let basic = format!("Basic {key}");
        for (name, value) in [
            ("x-api-key", key),
            ("api-key", key),
            ("x-authorization", key),
            ("authorization", key),
            ("authorization", &basic),
            ("proxy-authorization", key),
            ("cookie", &format!("recollect-8787={key}")),
        ] {
            assert_eq!(credential(&headers(&[("x-public-origin", OURS), (name, value)])), None, "{name}");
        }
    }

    #[test]
    fn a_key_that_is_none_is_not_made_good_by_a_cookie() {
        let session = Token::generate(TokenKind::Session).unwrap();
        let cookie = format!("recollect-8787={}", session.expose());
        let both = [("x-public-origin", OURS), ("cookie", &*cookie), ("authorization", "Bearer nothing")];
        assert!(credential(&headers(&both[..2])).is_some());
        assert_eq!(credential(&headers(&both)), None);
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(authorization in "[ -~]{0,200}", cookie in "[ -~]{0,200}", origin in "[ -~]{0,60}") {
            let headers = headers(&[("authorization", &authorization), ("cookie", &cookie), ("x-public-origin", &origin), ("origin", &origin)]);
            prop_assert_eq!(credential(&headers), None);
            let _ = access().protect(&Method::POST, &headers);
        }
    }
}
