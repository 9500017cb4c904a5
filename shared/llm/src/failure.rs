use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use serde_json::Value;

use crate::LlmErrorKind;
use crate::capabilities::Parameter;

/// The longest wait that is believed.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// What a provider says about its failure, in lower case. It is read to tell failures apart and never passed on.
#[derive(Debug, Default)]
pub(crate) struct ErrorWords {
    status: Option<u16>,
    code: String,
    message: String,
    parameter: String,
    retry_after: Option<Duration>,
}

impl ErrorWords {
    /// Finds an error in a body: `{"error": {..}}`, `{"error": ".."}`, the same in a list, or only a message.
    pub(crate) fn in_body(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let body = body.get(0).unwrap_or(&body);
        if let Some(error) = body.get("error").filter(|error| is_said(error)) {
            return Some(Self::of(error));
        }
        let says = |name| body.get(name).is_some_and(Value::is_string);
        (says("message") || says("detail")).then(|| Self::of(body))
    }

    /// Reads an error object, or a text that stands for one.
    pub(crate) fn of(error: &Value) -> Self {
        let text = |name| error.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase();
        let whole = error.as_str().unwrap_or_default().to_lowercase();
        let status = error.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
        let (details, retry_after) = read_details(error.get("details"));
        Self {
            status: status.filter(|status| (400..600).contains(status)),
            code: format!("{} {} {} {details}", text("code"), text("type"), text("status")),
            message: format!("{}{}{whole}", text("message"), text("detail")),
            parameter: text("param"),
            retry_after,
        }
    }

    /// How long it asks to wait.
    pub(crate) const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What of the request is refused, where the error says so.
    pub(crate) fn refused(&self) -> Option<Parameter> {
        let names = |name: &str| self.parameter.contains(name) || self.message.contains(name);
        let refused = if names("max_tokens") || names("max_completion_tokens") || names("maxoutputtokens") {
            largest(&self.message).map_or(Parameter::LimitField, Parameter::OutputTokens)
        } else if names("temperature") {
            Parameter::Temperature
        } else if names("reasoning_effort") {
            Parameter::Effort
        } else if names("thinking") {
            Parameter::Thinking
        } else if names("response_format")
            || names("output_config")
            || names("responsejsonschema")
            || names("json_schema")
        {
            Parameter::StructuredOutput
        } else if names("stream_options") {
            Parameter::StreamOptions
        } else if self.message.contains("developer") && self.message.contains("role") {
            Parameter::SystemRole
        } else {
            return None;
        };
        Some(refused)
    }
}

/// What the details of Anthropic and Gemini tell: codes, and how long to wait.
fn read_details(details: Option<&Value>) -> (String, Option<Duration>) {
    let mut words = String::new();
    let mut retry_after = None;
    let listed =
        details.and_then(Value::as_array).map_or_else(|| details.into_iter().collect(), |list| list.iter().collect());
    let listed: Vec<&Value> = listed;
    for detail in listed {
        let quotas = detail.get("violations").and_then(Value::as_array).into_iter().flatten();
        let codes = [detail.get("reason"), detail.get("error_code")].into_iter().flatten();
        for code in quotas.filter_map(|quota| quota.get("quotaId")).chain(codes).filter_map(Value::as_str) {
            words.push_str(&code.to_lowercase());
            words.push(' ');
        }
        if let Some(delay) = detail.get("retryDelay").and_then(Value::as_str) {
            retry_after = seconds(delay.trim_end_matches('s'), 1.0);
        }
    }
    (words, retry_after)
}

/// The limit that a message names: `max_tokens: 100000 > 64000, which is the maximum`.
fn largest(message: &str) -> Option<u32> {
    let (_, after) = message.split_once(" > ")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Whether an `error` member says anything: some servers send an empty one with every chunk.
pub(crate) fn is_said(error: &Value) -> bool {
    match error {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// Tells a failure inside a stream or a body that came with success.
pub(crate) fn kind_in_stream(words: &ErrorWords) -> LlmErrorKind {
    by_words(words)
        .or_else(|| words.status.map(|status| by_status(status, words)))
        .unwrap_or(LlmErrorKind::ProviderDown)
}

/// Tells a failure by the status of the response and what its body says.
pub(crate) fn kind_of_response(status: u16, words: &ErrorWords) -> LlmErrorKind {
    by_words(words).unwrap_or_else(|| by_status(status, words))
}

/// How long the provider asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let wait = header("retry-after-ms").and_then(|text| seconds(text, 0.001)).or_else(|| {
        let text = header("retry-after")?;
        seconds(text, 1.0).or_else(|| {
            let date = DateTime::parse_from_rfc2822(text).ok()?;
            (date.with_timezone(&Utc) - now).to_std().ok()
        })
    })?;
    believed(wait)
}

fn seconds(text: &str, unit: f64) -> Option<Duration> {
    believed(Duration::try_from_secs_f64(text.parse::<f64>().ok()? * unit).ok()?)
}

fn believed(wait: Duration) -> Option<Duration> {
    (!wait.is_zero()).then(|| wait.min(LONGEST_WAIT))
}

/// The provider's name for the request, when it looks like one.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let names = ["x-request-id", "request-id", "x-amzn-requestid"];
    let id = names.into_iter().find_map(|name| headers.get(name))?.to_str().ok()?;
    let printable = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    (printable && (1..=64).contains(&id.len())).then(|| id.to_owned())
}

fn by_words(words: &ErrorWords) -> Option<LlmErrorKind> {
    let code = |parts: &[&str]| parts.iter().any(|part| words.code.contains(part));
    let message = |parts: &[&str]| parts.iter().any(|part| words.message.contains(part));
    let kind = if code(&["context_length", "request_too_large", "context_window"]) || message(&TOO_LONG) {
        LlmErrorKind::ContextTooLong
    } else if code(&["quota", "billing", "credit", "spend_limit", "usage_limit", "perday"]) {
        LlmErrorKind::QuotaUsedUp
    } else if code(&["rate_limit", "slow_down", "too_many_requests", "resource_exhausted"]) {
        LlmErrorKind::RateLimited
    } else if code(&["model_not_found"]) || message(&["no models loaded"]) {
        LlmErrorKind::ModelNotFound
    } else if code(&["invalid_api_key", "api_key_invalid", "authentication", "permission", "unauthenticated"]) {
        LlmErrorKind::BadKey
    } else if code(&["overloaded", "server_error", "unavailable", "timeout", "api_error", "deadline_exceeded"]) {
        LlmErrorKind::ProviderDown
    } else {
        return None;
    };
    Some(kind)
}

/// How the servers say that a prompt is too long, for those that have no code for it.
const TOO_LONG: [&str; 7] = [
    "context length",
    "context window",
    "context size",
    "prompt is too long",
    "trying to keep the first",
    "too many tokens",
    "input token count",
];

fn by_status(status: u16, words: &ErrorWords) -> LlmErrorKind {
    match status {
        401 | 403 => LlmErrorKind::BadKey,
        402 => LlmErrorKind::QuotaUsedUp,
        // Without a word of the model it is the path that does not exist: the address is wrong.
        404 if words.message.contains("model") => LlmErrorKind::ModelNotFound,
        413 => LlmErrorKind::ContextTooLong,
        429 => LlmErrorKind::RateLimited,
        400 | 422 => LlmErrorKind::RequestRefused,
        408 | 409 | 424 | 500..=599 => LlmErrorKind::ProviderDown,
        _ => LlmErrorKind::NotUnderstood,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, body: &str) -> LlmErrorKind {
        kind_of_response(status, &ErrorWords::in_body(body.as_bytes()).unwrap_or_default())
    }

    #[test]
    fn a_status_alone_is_enough() {
        for (status, kind) in [
            (401, LlmErrorKind::BadKey),
            (403, LlmErrorKind::BadKey),
            (402, LlmErrorKind::QuotaUsedUp),
            (404, LlmErrorKind::NotUnderstood),
            (413, LlmErrorKind::ContextTooLong),
            (429, LlmErrorKind::RateLimited),
            (400, LlmErrorKind::RequestRefused),
            (500, LlmErrorKind::ProviderDown),
            (503, LlmErrorKind::ProviderDown),
            (529, LlmErrorKind::ProviderDown),
            (307, LlmErrorKind::NotUnderstood),
        ] {
            assert_eq!(said(status, ""), kind, "{status}");
            assert_eq!(said(status, "<html>Bad Gateway</html>"), kind, "{status}");
        }
    }

    #[test]
    fn words_say_more_than_the_status() {
        for (status, body, kind) in [
            (429, r#"{"error":{"code":"insufficient_quota","message":"x"}}"#, LlmErrorKind::QuotaUsedUp),
            (429, r#"{"error":{"type":"tokens","code":"rate_limit_exceeded"}}"#, LlmErrorKind::RateLimited),
            (400, r#"{"error":{"code":"context_length_exceeded"}}"#, LlmErrorKind::ContextTooLong),
            (
                400,
                r#"{"error":"Trying to keep the first 9000 tokens when context the overflows"}"#,
                LlmErrorKind::ContextTooLong,
            ),
            (
                404,
                r#"{"error":{"message":"model 'x' not found","type":"not_found_error"}}"#,
                LlmErrorKind::ModelNotFound,
            ),
            (
                404,
                r#"{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}"#,
                LlmErrorKind::ModelNotFound,
            ),
            (400, r#"{"error":{"message":"No models loaded. Please load a model"}}"#, LlmErrorKind::ModelNotFound),
            (404, r#"{"detail":"Not Found"}"#, LlmErrorKind::NotUnderstood),
            (400, r#"[{"error":{"message":"bad","status":"INVALID_ARGUMENT"}}]"#, LlmErrorKind::RequestRefused),
            (
                400,
                r#"{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#,
                LlmErrorKind::BadKey,
            ),
            (
                400,
                r#"{"error":{"code":400,"message":"The input token count (2000000) exceeds the maximum number of tokens allowed."}}"#,
                LlmErrorKind::ContextTooLong,
            ),
            (
                429,
                r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProject"}]}]}}"#,
                LlmErrorKind::QuotaUsedUp,
            ),
            (
                429,
                r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerMinute"}]}]}}"#,
                LlmErrorKind::RateLimited,
            ),
            (529, r#"{"type":"error","error":{"type":"overloaded_error","message":"x"}}"#, LlmErrorKind::ProviderDown),
            (
                429,
                r#"{"type":"error","error":{"type":"rate_limit_error","details":{"error_code":"enforced_spend_limit_reached"}}}"#,
                LlmErrorKind::QuotaUsedUp,
            ),
            (413, r#"{"type":"error","error":{"type":"request_too_large"}}"#, LlmErrorKind::ContextTooLong),
            (402, r#"{"type":"error","error":{"type":"billing_error"}}"#, LlmErrorKind::QuotaUsedUp),
        ] {
            assert_eq!(said(status, body), kind, "{body}");
        }
    }

    #[test]
    fn what_is_refused_is_told_by_its_name() {
        let refused = |body: &str| ErrorWords::in_body(body.as_bytes()).and_then(|words| words.refused());
        for (body, parameter) in [
            (r#"{"error":{"param":"temperature","code":"unsupported_value","message":"x"}}"#, Parameter::Temperature),
            (r#"{"error":{"message":"`temperature` is deprecated for this model."}}"#, Parameter::Temperature),
            (
                r#"{"error":{"param":"max_tokens","message":"Use 'max_completion_tokens' instead."}}"#,
                Parameter::LimitField,
            ),
            (
                r#"{"error":{"message":"max_tokens: 100000 > 64000, which is the maximum allowed"}}"#,
                Parameter::OutputTokens(64_000),
            ),
            (r#"{"error":{"message":"thinking.type: adaptive is not supported"}}"#, Parameter::Thinking),
            (r#"{"error":"'response_format.type' must be 'json_schema' or 'text'"}"#, Parameter::StructuredOutput),
            (r#"{"error":{"param":"reasoning_effort","message":"x"}}"#, Parameter::Effort),
        ] {
            assert_eq!(refused(body), Some(parameter), "{body}");
        }
        assert_eq!(refused(r#"{"error":{"message":"messages: roles must alternate"}}"#), None);
    }

    #[test]
    fn gemini_tells_in_its_details_how_long_to_wait() {
        let body = r#"{"error":{"code":429,"details":[{"@type":"x/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}"#;
        let wait = ErrorWords::in_body(body.as_bytes()).and_then(|words| words.retry_after());
        assert_eq!(wait, Some(Duration::from_millis(34_500)));
    }

    #[test]
    fn an_error_in_a_stream_is_told_by_its_words_or_its_number() {
        let kind = |body: &str| ErrorWords::in_body(body.as_bytes()).map(|words| kind_in_stream(&words));
        assert_eq!(
            kind(r#"{"error":{"message":"oh","type":"server_error","code":null}}"#),
            Some(LlmErrorKind::ProviderDown)
        );
        assert_eq!(kind(r#"{"error":{"message":"oh","code":429}}"#), Some(LlmErrorKind::RateLimited));
        assert_eq!(kind(r#"{"error":{"message":"oh"}}"#), Some(LlmErrorKind::ProviderDown));
        assert_eq!(kind(r#"{"error":{}}"#), None);
        assert_eq!(kind(r#"{"choices":[]}"#), None);
    }

    #[test]
    fn a_wait_is_read_in_every_form_and_garbage_is_none() {
        let now = DateTime::parse_from_rfc3339("2026-11-24T12:00:00Z").expect("a time").to_utc();
        let wait = |name: &'static str, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().expect("a header value"));
            retry_after(&headers, now).map(|wait| wait.as_millis())
        };
        assert_eq!(wait("retry-after", "20"), Some(20_000));
        assert_eq!(wait("retry-after", "1.5"), Some(1_500));
        assert_eq!(wait("retry-after-ms", "250"), Some(250));
        assert_eq!(wait("retry-after", "Tue, 24 Nov 2026 12:00:30 GMT"), Some(30_000));
        assert_eq!(wait("retry-after", "Tue, 24 Nov 2026 11:00:00 GMT"), None);
        assert_eq!(wait("retry-after", "99999"), Some(3_600_000));
        for garbage in ["", "soon", "-1", "NaN", "inf", "0"] {
            assert_eq!(wait("retry-after", garbage), None, "{garbage}");
        }
    }

    #[test]
    fn a_request_id_that_looks_like_something_else_is_not_kept() {
        let id = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-request-id", value.parse().expect("a header value"));
            request_id(&headers)
        };
        assert_eq!(id("req_01ab-2"), Some("req_01ab-2".to_owned()));
        assert_eq!(id("Bearer secret"), None);
        assert_eq!(id(&"x".repeat(65)), None);
    }
}
