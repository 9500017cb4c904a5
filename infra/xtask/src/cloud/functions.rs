use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::Plan;
use super::emulator::kept_variables;
use super::stack::{Stack, credentials};
use crate::process::{Daemon, guarded};
use crate::tools::{in_path, python_tool};
use crate::workspace::{binary, root};

/// How many functions are started at the same time. The host starts another process of a function every 100 ms for as long as one of
/// its requests waits: more at once would be more processes, and later ones.
const STARTED_AT_ONCE: usize = 2;

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
    // It would compile each function by itself, and lose what each of them does meanwhile: changes are ours to see.
    command.arg("--ignore-changes").current_dir(package_of_names(plan)?);
    command.env_clear().envs(kept_variables()).envs(as_built()?);
    let mut functions = Daemon::start("the host of the functions", &mut command, plan.log("functions"))?;
    let port = plan.ports.functions;
    functions.ready(Duration::from_mins(1), async || TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await?;
    Ok(functions)
}

/// A package that has nothing but the names of the functions: before each process that it starts, the host asks cargo for the metadata
/// of the package and watches all its files, which takes seconds for this whole clone.
fn package_of_names(plan: &Plan) -> Result<PathBuf> {
    let folder = plan.work.join("functions");
    let binary = |name: String| format!("\n[[bin]]\nname = \"{name}\"\npath = \"main.rs\"\n");
    let package = "[package]\nname = \"functions\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    let manifest = binaries()?.into_iter().map(binary).fold(package.to_owned(), |manifest, binary| manifest + &binary);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("main.rs"), "fn main() {}\n")?;
    std::fs::write(folder.join("Cargo.toml"), manifest)
        .with_context(|| format!("cannot write to {}", folder.display()))?;
    Ok(folder)
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

/// Starts each function before the first person waits for it.
pub(super) async fn warm(plan: &Plan, stack: &Stack) -> Result<()> {
    let (mut calls, turns) = (JoinSet::new(), Arc::new(Semaphore::new(STARTED_AT_ONCE)));
    for function in stack.functions.keys().filter(|function| *function != "migrate") {
        let event = match function.as_str() {
            "reply" => json!({"user_id": "00000000-0000-7000-8000-000000000001", "message_id": 0}),
            name if name.starts_with("ws_") => socket_event(),
            _ => request_event(),
        };
        let (url, turn) = (plan.functions_url(function), Arc::clone(&turns).acquire_owned().await?);
        calls.spawn_blocking(move || {
            // Whether it refuses the event is all the same: it runs.
            let _ = ureq::post(&url).send_json(event);
            drop(turn);
        });
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
                           "domainName": "127.0.0.1", "requestId": "warm", "connectedAt": 0, "requestTimeEpoch": 0},
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
