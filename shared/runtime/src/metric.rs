use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

/// Where the metrics of the portal are found in `CloudWatch`.
const NAMESPACE: &str = "Recollect";

/// Counts something up by one, in `CloudWatch`: a line of the log in the embedded metric format, which costs no call. The dimensions
/// name a closed set of things, never a person.
pub fn count(metric: &'static str, dimensions: &[(&'static str, &str)]) {
    let line = line(metric, dimensions, SystemTime::now());
    // A log that cannot be written to is nothing that a function could do something about.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

fn line(metric: &'static str, dimensions: &[(&'static str, &str)], now: SystemTime) -> Value {
    let millis = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let names: Vec<_> = dimensions.iter().map(|(name, _)| *name).collect();
    let described = json!({
        "Timestamp": u64::try_from(millis).unwrap_or_default(),
        "CloudWatchMetrics": [{"Namespace": NAMESPACE, "Dimensions": [names], "Metrics": [{"Name": metric, "Unit": "Count"}]}],
    });
    let values = dimensions.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
    let own = [("_aws".to_owned(), described), (metric.to_owned(), json!(1))];
    Value::Object(own.into_iter().chain(values).collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_line_says_what_is_counted_and_of_what() {
        let now = UNIX_EPOCH + Duration::from_millis(1_780_000_000_123);
        let expected = json!({
            "_aws": {
                "Timestamp": 1_780_000_000_123_u64,
                "CloudWatchMetrics": [
                    {"Namespace": "Recollect", "Dimensions": [["Provider"]], "Metrics": [{"Name": "BadKey", "Unit": "Count"}]},
                ],
            },
            "BadKey": 1,
            "Provider": "openai",
        });
        assert_eq!(line("BadKey", &[("Provider", "openai")], now), expected);
    }
}
