//! Where log lines go: standard output, as text for people or as JSON for `CloudWatch`.

use std::str::FromStr as _;

use anyhow::bail;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::set_global_default;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::Env;

/// The crates whose lines follow `RECOLLECT_LOG`. Others are heard from `warn` up, because what they say below that can hold
/// payloads: prompts, tokens, rows.
const OURS: [&str; 12] = [
    "chat",
    "conversations",
    "domain",
    "llm",
    "messages",
    "models",
    "operations",
    "realtime",
    "runtime",
    "secrets",
    "store",
    "web",
];

/// Installs the subscriber: `LOG_FORMAT` is `text` or `json`, `RECOLLECT_LOG` the least level that is written.
pub(crate) fn set_up(env: &Env) -> anyhow::Result<()> {
    let targets = targets(env)?;
    match env.optional("LOG_FORMAT").as_deref() {
        None | Some("text") => {
            let lines = fmt::layer().with_ansi(false).compact();
            set_global_default(tracing_subscriber::registry().with(targets).with(lines))?;
        }
        Some("json") => {
            let lines = fmt::layer().json().flatten_event(true).with_current_span(false);
            set_global_default(tracing_subscriber::registry().with(targets).with(lines))?;
        }
        Some(_) => bail!("the environment variable LOG_FORMAT must be `text` or `json`"),
    }
    Ok(())
}

fn targets(env: &Env) -> anyhow::Result<Targets> {
    let level = env.optional("RECOLLECT_LOG").unwrap_or_else(|| "info".to_owned());
    let Ok(level) = LevelFilter::from_str(&level) else {
        bail!("the environment variable RECOLLECT_LOG must be one of: off, error, warn, info, debug, trace");
    };
    Ok(Targets::new()
        .with_default(LevelFilter::WARN)
        // Its span names the request on each of our lines.
        .with_target("lambda_runtime", LevelFilter::INFO)
        // A connection that the database let go while it was idle is replaced: that is how it should be.
        .with_target("sqlx_core::pool", LevelFilter::ERROR)
        .with_targets(OURS.map(|name| (name, level))))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use tracing::Level;

    use super::*;

    #[test]
    fn every_package_that_runs_in_a_function_is_heard() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for folder in ["functions", "shared"] {
            for entry in fs::read_dir(root.join(folder)).expect("the workspace").flatten() {
                let name = entry.file_name().into_string().expect("a name");
                let listed = OURS.contains(&name.as_str()) || name == "testkit";
                assert!(listed || !entry.path().join("Cargo.toml").exists(), "{name} is not in OURS");
            }
        }
    }

    #[test]
    fn the_level_is_ours_alone() {
        let targets = targets(&Env::from_pairs([("RECOLLECT_LOG", "trace")])).expect("a level");
        assert!(targets.would_enable("store::answers", &Level::TRACE));
        assert!(!targets.would_enable("lambda_runtime", &Level::DEBUG), "it writes events down");
        assert!(!targets.would_enable("aws_smithy_runtime", &Level::INFO));
    }

    #[test]
    fn an_unknown_level_is_refused_with_the_known_ones() {
        let error = targets(&Env::from_pairs([("RECOLLECT_LOG", "loud")])).map_err(|error| error.to_string());
        assert!(error.is_err_and(|error| error.contains("warn, info, debug")));
    }
}
