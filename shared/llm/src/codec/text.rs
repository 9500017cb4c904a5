use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::surrogates::replace_lone;
use crate::LlmErrorKind;
use crate::failure::{ErrorWords, kind_in_stream};

/// The text of a member: a string, or a list of parts that have one. Empty is none, and no text holds U+0000, which a database
/// cannot store.
pub(super) fn text_of(value: &Value) -> Option<String> {
    let text: Cow<'_, str> = match value {
        Value::String(text) => text.into(),
        Value::Array(parts) => parts.iter().filter_map(|part| part.get("text")?.as_str()).collect::<String>().into(),
        _ => return None,
    };
    if text.is_empty() {
        return None;
    }
    Some(if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.into_owned() })
}

/// Reads a document of a stream, or what it says of a failure instead. Half a surrogate pair is replaced, and of a member that
/// stands there twice the last counts.
pub(super) fn parse<T: DeserializeOwned>(json: &str) -> Result<T, LlmErrorKind> {
    if let Ok(parsed) = serde_json::from_str(json) {
        return Ok(parsed);
    }
    let whole = if json.contains("\\u") { Cow::Owned(replace_lone(json)) } else { Cow::Borrowed(json) };
    let lenient = serde_json::from_str::<Value>(&whole).ok();
    if let Some(parsed) = lenient.and_then(|value| serde_json::from_value(value).ok()) {
        return Ok(parsed);
    }
    let words = ErrorWords::in_body(json.as_bytes());
    Err(words.map_or(LlmErrorKind::NotUnderstood, |words| kind_in_stream(&words)))
}
