use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::task::JoinSet;

use super::Plan;
use super::emulator::kept_variables;
use super::stack::{Stack, credentials};
use crate::process::{Daemon, guarded};
use crate::tools::{in_path, python_tool};
use crate::workspace::{binary, root};

/// How many processes of each function wait for the first request.
const WARM: usize = 2;
/// Of those that every chat needs.
const WARM_FOR_CHAT: usize = 6;

/// The functions, by the names of their binaries.
pub(super) fn binaries() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for package in std::fs::read_dir(root().join("functions"))?.flatten() {
        let folder = package.path().join("src/bin");
        let files = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        names.extend(files.flatten().filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned())));
    }
    names.sort();
    Ok(names)
}

/// Builds all functions at once, in the dev profile; cargo shows its progress.
pub(super) async fn build(peer: bool) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--workspace", "--bins"]).current_dir(root()).stdin(Stdio::null());
    if !peer {
        cargo.args(["--exclude", "bench", "--exclude", "testkit", "--exclude", "it"]);
    }
    let status = cargo.status().await.context("cargo cannot be started")?;
    if !status.success() {
        bail!("The functions do not compile.");
    }
    Ok(())
}

/// Hosts the functions: one process an invocation that runs, 64 of each at most.
pub(super) async fn host(plan: &Plan, stack: &Stack) -> Result<Daemon> {
    let mut command = guarded(python_tool("cargo-lambda"), false);
    let port = plan.ports.functions.to_string();
    command.args([
        "lambda",
        "watch",
        "-A",
        "127.0.0.1",
        "-P",
        &port,
        "--concurrency",
        "64",
        "--disable-cors",
        "--env-file",
    ]);
    command.arg(environment_file(plan, stack)?);
    command.current_dir(root()).env_clear().envs(kept_variables());
    if !plan.watch {
        command.arg("--ignore-changes").envs(as_built()?);
    }
    let mut functions = Daemon::start("the host of the functions", &mut command, plan.log("functions"))?;
    let port = plan.ports.functions;
    functions.ready(Duration::from_mins(1), async || TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await?;
    Ok(functions)
}

/// What lets the host run the functions as they were built, without a cargo for each of their processes.
#[expect(clippy::disallowed_methods, reason = "a program of its own, no function")]
fn as_built() -> Result<[(&'static str, OsString); 3]> {
    let cargo = in_path("cargo").context("cargo is missing")?;
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(root().join("infra/local/built")).chain(std::env::split_paths(&folders));
    let path = std::env::join_paths(path).context("a folder of the clone has a colon in its name")?;
    Ok([("PATH", path), ("BUILT_FUNCTIONS", binary("").into()), ("REAL_CARGO", cargo.into())])
}

/// The environment of the functions as the deployed template has it. The host has one for all of them, so that the same variable
/// must be the same in each.
fn environment_file(plan: &Plan, stack: &Stack) -> Result<PathBuf> {
    let mut all: BTreeMap<&str, &str> = BTreeMap::new();
    for (function, variables) in &stack.functions {
        for (name, value) in variables {
            if all.insert(name, value).is_some_and(|before| before != value) {
                bail!(
                    "{name} of {function} is not what it is in another function; hosted here, they have one environment"
                );
            }
        }
    }
    let lines = all.into_iter().map(|(name, value)| format!("{name}={value}\n"));
    let lines = lines.chain(credentials(plan).map(|(name, value)| format!("{name}={value}\n")));
    let file = plan.work.join("functions.env");
    write_secret(&file, &lines.collect::<String>())?;
    Ok(file)
}

/// Writes a file that only its owner can read.
pub(crate) fn write_secret(file: &std::path::Path, text: &str) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    let mut opened = options.write(true).create(true).truncate(true).mode(0o600).open(file)?;
    opened.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", file.display()))
}

/// Brings the database to this version.
pub(super) async fn migrate(plan: &Plan) -> Result<()> {
    invoke(plan, "migrate", json!({})).await.with_context(|| format!("The log is {}", plan.log("functions").display()))
}

/// Starts some processes of each function before the first person waits for one.
pub(super) async fn warm(plan: &Plan, stack: &Stack) -> Result<()> {
    let mut calls = JoinSet::new();
    for function in stack.functions.keys().filter(|function| *function != "migrate") {
        let (count, event) = match function.as_str() {
            "reply" => (WARM_FOR_CHAT, json!({"user_id": "00000000-0000-7000-8000-000000000001", "message_id": 0})),
            name if name.starts_with("ws_") => (WARM_FOR_CHAT, socket_event()),
            _ => (WARM, request_event()),
        };
        for _ in 0..count {
            let (url, event) = (plan.functions_url(function), event.clone());
            // Whether it refuses the event is all the same: it runs.
            calls.spawn_blocking(move || ureq::post(&url).send_json(event).is_ok());
        }
    }
    calls.join_all().await;
    Ok(())
}

/// A request without the front door's secret: refused before anything is done.
fn request_event() -> Value {
    json!({
        "resource": "/api/warm", "path": "/api/warm", "httpMethod": "GET", "headers": {}, "multiValueHeaders": {},
        "requestContext": {"accountId": "0", "apiId": "warm", "httpMethod": "GET", "path": "/api/warm", "protocol": "HTTP/1.1", "stage": "warm",
                           "resourcePath": "/api/warm", "identity": {"sourceIp": "127.0.0.1"}, "requestId": "warm"},
        "body": null, "isBase64Encoded": false,
    })
}

fn socket_event() -> Value {
    json!({
        "headers": {}, "multiValueHeaders": {}, "body": null, "isBase64Encoded": false,
        "requestContext": {"routeKey": "$connect", "eventType": "CONNECT", "connectionId": "warm", "stage": "warm", "apiId": "warm",
                           "domainName": "127.0.0.1", "requestId": "warm"},
    })
}

async fn invoke(plan: &Plan, function: &str, event: Value) -> Result<()> {
    let url = plan.functions_url(function);
    let call = move || ureq::post(&url).config().http_status_as_error(false).build().send_json(event);
    let mut response =
        tokio::task::spawn_blocking(call).await?.with_context(|| format!("{function} cannot be invoked"))?;
    let body = response.body_mut().read_to_string().unwrap_or_default();
    if !response.status().is_success() || body.contains("errorMessage") {
        bail!("{function} failed: {body}");
    }
    Ok(())
}
