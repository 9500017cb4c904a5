use axum::extract::{FromRequestParts, RawPathParams};
use domain::{ApiKeyId, ConversationId, Fault, InvitationId, MessageId, SessionId};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::Rejection;

/// A part of the path, by its type: `/{conversation_id}/` is read by `Path<ConversationId>`.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

/// What can stand in a path.
pub trait PathParameter: Sized {
    /// Its name between the braces of the route.
    const NAME: &'static str;

    /// Reads it.
    ///
    /// # Errors
    /// [`Fault::Invalid`] with its name.
    fn parse(value: &str) -> Result<Self, Fault>;
}

macro_rules! path_parameter {
    ($($id:ident = $name:literal),+ $(,)?) => {$(
        impl PathParameter for $id {
            const NAME: &'static str = $name;

            fn parse(value: &str) -> Result<Self, Fault> {
                Self::parse(Self::NAME, value)
            }
        }
    )+};
}

path_parameter! {
    ConversationId = "conversation_id",
    MessageId = "message_id",
    SessionId = "session_id",
    ApiKeyId = "api_key_id",
    InvitationId = "invitation_id",
}

impl<S: Send + Sync, T: PathParameter> FromRequestParts<S> for Path<T> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Rejection> {
        let parameters = RawPathParams::from_request_parts(parts, state).await;
        let parameters = parameters.map_err(|_| Fault::invalid(T::NAME, "must be UTF-8 once decoded"))?;
        let value = parameters.iter().find_map(|(name, value)| (name == T::NAME).then_some(value));
        let value = value.ok_or_else(|| Fault::internal(format!("the route has no {{{}}}", T::NAME)))?;
        Ok(Self(T::parse(value)?))
    }
}

/// The parameters after the question mark. Its members are texts, which the handler reads with the types of `domain`.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        match serde_urlencoded::from_str(query) {
            Ok(value) => Ok(Self(value)),
            Err(error) => Err(misfit(&error.to_string()).into()),
        }
    }
}

fn misfit(reason: &str) -> Fault {
    let quoted = |prefix: &str| reason.strip_prefix(prefix).and_then(|rest| rest.split_once('`'));
    if let Some((name, rest)) = quoted("unknown field `") {
        return Fault::invalid(name, format!("is not a parameter of this path{rest}"));
    }
    if let Some((name, _)) = quoted("duplicate field `") {
        return Fault::invalid(name, "must be given once");
    }
    Fault::Malformed("The parameters after the question mark are not form-encoded UTF-8".to_owned())
}

/// How many items a page is to have: 30 unless told, at most 100.
///
/// # Errors
/// [`Fault::Invalid`] when it is not a whole number from 1 to 100.
pub fn page_limit(value: Option<&str>) -> Result<u16, Fault> {
    const EXPECTED: &str = "must be a whole number from 1 to 100";
    let Some(value) = value else { return Ok(30) };
    let limit = value.parse().ok().filter(|limit| (1..=100).contains(limit));
    limit.ok_or_else(|| Fault::invalid("limit", EXPECTED))
}

/// A parameter that is `true` or `false`; absent is `false`.
///
/// # Errors
/// [`Fault::Invalid`] when it is anything else.
pub fn yes_or_no(name: &'static str, value: Option<&str>) -> Result<bool, Fault> {
    match value {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Fault::invalid(name, "must be `true` or `false`")),
    }
}

#[cfg(test)]
mod tests {
    use domain::Problem;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Parameters {
        #[expect(dead_code, reason = "only its name is of interest")]
        q: Option<String>,
    }

    fn refused(query: &str) -> String {
        let error = serde_urlencoded::from_str::<Parameters>(query).expect_err("refused");
        Problem::from(&misfit(&error.to_string())).detail
    }

    #[test]
    fn an_unknown_and_a_doubled_parameter_are_named() {
        assert_eq!(refused("p=1"), "`p` is not a parameter of this path, expected `q`.");
        assert_eq!(refused("q=1&q=2"), "`q` must be given once.");
    }

    #[test]
    fn a_page_has_one_to_a_hundred_items() {
        assert_eq!((page_limit(None).ok(), page_limit(Some("100")).ok()), (Some(30), Some(100)));
        for value in ["0", "101", "-1", "1.5", "", "ten", "70000"] {
            assert!(page_limit(Some(value)).is_err(), "{value:?}");
        }
    }
}
