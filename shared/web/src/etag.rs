use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use domain::Fault;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::Rejection;

/// A JSON body with an entity tag (RFC 9110, 8.8.3), or 304 without one when the client has it already. The tag is the hash of the
/// body, behind the object's version where it has one: `"3-9f86d081884c7d65"`.
#[derive(Debug)]
pub struct Tagged<T> {
    body: T,
    version: Option<i64>,
    known: IfNoneMatch,
}

impl<T> Tagged<T> {
    /// A body that is told from others by its text.
    pub const fn new(body: T, known: IfNoneMatch) -> Self {
        Self { body, version: None, known }
    }

    /// A body whose tag also tells the object's version, so that it can be sent back as `If-Match`.
    pub const fn versioned(body: T, version: i64, known: IfNoneMatch) -> Self {
        Self { body, version: Some(version), known }
    }
}

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let body = match serde_json::to_vec(&self.body) {
            Ok(body) => body,
            Err(error) => return Rejection::from(Fault::internal(error)).into_response(),
        };
        let digest: [u8; 32] = Sha256::digest(&body).into();
        let hash = format!("{:016x}", digest.iter().take(8).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte)));
        let tag = self.version.map_or_else(|| format!("\"{hash}\""), |version| format!("\"{version}-{hash}\""));
        let fresh = self.known.has(&tag);
        // The browser may keep it, and asks each time whether it still holds.
        let caching = (CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        let tag = (ETAG, HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("")));
        if fresh {
            return (StatusCode::NOT_MODIFIED, [tag, caching]).into_response();
        }
        ([tag, caching, (CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
    }
}

/// The tags of what the client has.
#[derive(Clone, Debug, Default)]
pub struct IfNoneMatch(Vec<String>);

impl IfNoneMatch {
    /// Compares weakly: proxies that compress make strong tags weak.
    fn has(&self, tag: &str) -> bool {
        self.0.iter().any(|known| known == "*" || known.trim_start_matches("W/") == tag)
    }
}

impl<S: Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        Ok(Self(tags(&parts.headers, &IF_NONE_MATCH)))
    }
}

/// The version that the client changes; absent when it takes whatever there is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct IfMatch(pub Option<i64>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        let tags = tags(&parts.headers, &IF_MATCH);
        match tags.as_slice() {
            [] => Ok(Self(None)),
            [any] if any == "*" => Ok(Self(None)),
            [tag] => Ok(Self(Some(version(tag)?))),
            _ => Err(Fault::invalid("If-Match", "must be one entity tag").into()),
        }
    }
}

fn version(tag: &str) -> Result<i64, Fault> {
    let tag = tag.trim_start_matches("W/").trim_matches('"');
    let version = tag.split_once('-').map_or(tag, |(version, _)| version);
    version
        .parse()
        .map_err(|_| Fault::invalid("If-Match", "must be the version, as `\"3\"`, or the `ETag` of the conversation"))
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_every_form_of_a_tag() {
        for tag in ["\"3\"", "3", "\"3-9f86d081884c7d65\"", "W/\"3-9f86d081884c7d65\""] {
            assert_eq!(version(tag).ok(), Some(3), "{tag}");
        }
        assert!(version("\"latest\"").is_err());
    }

    #[test]
    fn a_body_that_is_known_is_not_sent_again() {
        let sent = Tagged::versioned("text", 3, IfNoneMatch::default()).into_response();
        let tag = sent.headers()[ETAG].to_str().unwrap_or_default().to_owned();
        assert!(tag.starts_with("\"3-"), "{tag}");
        for known in [tag.clone(), format!("W/{tag}"), "*".to_owned()] {
            let again = Tagged::versioned("text", 3, IfNoneMatch(vec![known])).into_response();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        }
        let changed = Tagged::versioned("other", 3, IfNoneMatch(vec![tag])).into_response();
        assert_eq!(changed.status(), StatusCode::OK);
    }
}
