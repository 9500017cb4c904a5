use std::time::Duration;

use anyhow::Result;

use super::Plan;
use super::functions::binaries;
use crate::process::{Daemon, guarded};
use crate::tools::python_tool;
use crate::workspace::root;

/// Starts MiniStack with our overlay. It keeps nothing: the template is deployed to it each time.
pub(super) async fn start(plan: &Plan) -> Result<Daemon> {
    let mut command = guarded(python_tool("python"), false);
    command.arg(root().join("infra/local/emulator.py")).args(["--port", &plan.ports.emulator.to_string()]);
    // It reads dozens of variables; none of ours is meant for it.
    command.env_clear().envs(kept_variables());
    for function in binaries()? {
        command.env(format!("MINISTACK_LAMBDA_PROXY_{}_{function}", plan.stage), plan.functions_url(&function));
    }
    let mut emulator = Daemon::start("the AWS emulator", &mut command, plan.log("emulator"))?;
    let health = format!("{}/_ministack/health", plan.emulator_url());
    emulator.ready(Duration::from_mins(1), async || answers(&health).await).await?;
    Ok(emulator)
}

/// What programs need of our environment, and nothing that was set for others.
#[expect(clippy::disallowed_methods, reason = "a program of its own, no function")]
pub(super) fn kept_variables() -> impl Iterator<Item = (&'static str, std::ffi::OsString)> {
    const KEPT: [&str; 13] = [
        "PATH",
        "HOME",
        "LANG",
        "TMPDIR",
        "CARGO_HOME",
        "CARGO_TARGET_DIR",
        "RUSTUP_HOME",
        "RUSTUP_TOOLCHAIN",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    ];
    KEPT.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)))
}

async fn answers(url: &str) -> bool {
    let url = url.to_owned();
    tokio::task::spawn_blocking(move || ureq::get(&url).call().is_ok()).await.unwrap_or(false)
}
