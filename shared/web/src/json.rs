use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::Fault;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Rejection;

/// The largest body, in bytes: the longest prompt with every character escaped, and room for the rest.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// A JSON body, in both directions. A request's that does not fit is refused by the name of the field.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        if !has_json(request.headers()) {
            return Err(
                Fault::Malformed("Send the body as JSON, with `Content-Type: application/json`".to_owned()).into()
            );
        }
        let body = Bytes::from_request(request, state).await.map_err(|rejection| unread(&rejection))?;
        Ok(Self(parse(&body)?))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response(),
            Err(error) => Rejection::from(Fault::internal(error)).into_response(),
        }
    }
}

fn has_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn unread(rejection: &BytesRejection) -> Fault {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => Fault::TooLarge(BODY_LIMIT),
        _ => Fault::Malformed("The body ended early".to_owned()),
    }
}

/// Reads a value, and names the field that does not fit.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    // Serde reads a struct from an array as well, by position.
    if body.trim_ascii_start().first().is_some_and(|first| *first == b'[') {
        return Err(Fault::Malformed("The body must be a JSON object".to_owned()));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        misfit(path, &error.into_inner())
    })?;
    json.end().map_err(|error| misfit(".".to_owned(), &error))?;
    Ok(value)
}

fn misfit(path: String, error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    if !error.is_data() {
        let (line, column) = (error.line(), error.column());
        return Fault::Malformed(format!("The body is not JSON: {reason}, line {line}, column {column}"));
    }
    // Serde says of these two what it expected instead of where it is; the field's name stands between the first quotes.
    let quoted = |prefix: &str| reason.strip_prefix(prefix).and_then(|rest| rest.split_once('`'));
    if let Some((field, rest)) = quoted("unknown field `") {
        return Fault::invalid(field, format!("is not a field of this request{rest}"));
    }
    if let Some((field, _)) = quoted("missing field `") {
        return Fault::invalid(field, "is missing");
    }
    if path == "." {
        return Fault::Malformed(format!("The body does not fit: {reason}"));
    }
    Fault::invalid(path, format!("does not fit: {reason}"))
}

#[cfg(test)]
mod tests {
    use domain::Problem;
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape is of interest")]
    struct Body {
        content: String,
        #[serde(default)]
        limit: u8,
    }

    fn refused(body: &str) -> String {
        parse::<Body>(body.as_bytes()).map_err(|fault| Problem::from(&fault).detail).expect_err("refused")
    }

    #[test]
    fn what_does_not_fit_is_named() {
        assert_eq!(
            refused(r#"{"content":"a","colour":1}"#),
            "`colour` is not a field of this request, expected `content` or `limit`."
        );
        assert_eq!(refused("{}"), "`content` is missing.");
        assert_eq!(
            refused(r#"{"content":1}"#),
            "`content` does not fit: invalid type: integer `1`, expected a string."
        );
        assert_eq!(
            refused(r#"{"content":"","limit":300}"#),
            "`limit` does not fit: invalid value: integer `300`, expected u8."
        );
    }

    #[test]
    fn what_is_no_json_is_told_from_what_does_not_fit() {
        assert_eq!(refused("{"), "The body is not JSON: EOF while parsing an object, line 1, column 1.");
        assert_eq!(refused(r#"["a"]"#), "The body must be a JSON object.");
        assert_eq!(refused("1"), "The body does not fit: invalid type: integer `1`, expected struct Body.");
        assert!(refused(r#"{"content":"a"} x"#).starts_with("The body is not JSON: trailing characters"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body: Vec<u8>) {
            let _ = parse::<Body>(&body);
        }
    }
}
