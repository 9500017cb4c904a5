//! The commands that stages run, each from the folder that it belongs to.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use tokio::process::Command;

use crate::process::run;
use crate::tools::{in_path, python_tool};
use crate::workspace::{local, root, target};

/// The version that is installed where there is none.
const NEXTEST: &str = "0.9.143";

/// `cargo` on the whole workspace. A part of it would be compiled with other features of what it depends on, and so again.
pub(super) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(root());
    command
}

/// `cargo nextest` on the whole workspace.
pub(super) fn nextest(arguments: &[&str]) -> Result<Command> {
    let program = find_nextest().context("cargo-nextest is missing: run `cargo xtask test tools`")?;
    let mut command = Command::new(program);
    command.args(["nextest", "run", "--workspace", "--locked", "--profile", "ci"]).args(arguments).current_dir(root());
    Ok(command)
}

/// Where nextest writes its report: below the workspace, wherever cargo's own target folder is.
pub(crate) fn nextest_report() -> PathBuf {
    root().join("target/nextest/ci/junit.xml")
}

/// Where the others are told to write theirs.
pub(super) fn report(name: &str) -> PathBuf {
    target().join("reports").join(format!("{name}.xml"))
}

/// Compiles cargo-nextest where there is none: a few minutes, once.
pub(super) async fn install_nextest() -> Result<()> {
    if find_nextest().is_some() {
        return Ok(());
    }
    println!("Compiling cargo-nextest {NEXTEST} into .local/cargo, once; this takes some minutes.");
    let mut install = Command::new("cargo");
    install
        .args(["install", "--quiet", "--locked", "--version", NEXTEST, "cargo-nextest", "--root"])
        .arg(local().join("cargo"));
    install.env_remove("CARGO_TARGET_DIR");
    run("cargo install cargo-nextest", &mut install, "Is there a network?").await.map(drop)
}

fn find_nextest() -> Option<PathBuf> {
    in_path("cargo-nextest")
        .or_else(|| Some(local().join("cargo/bin/cargo-nextest")).filter(|program| program.is_file()))
}

/// A script of a package.json.
pub(super) fn npm(folder: &str, script: &str, arguments: &[String]) -> Command {
    let mut command = Command::new("npm");
    command.args(["run", "--silent", script]).current_dir(root().join(folder));
    if !arguments.is_empty() {
        command.arg("--").args(arguments);
    }
    command
}

/// Node's own test runner on all `*.test.mjs` below a folder.
pub(super) fn node_tests(folder: &str, report: &Path) -> Command {
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=junit"]);
    command.arg(format!("--test-reporter-destination={}", report.display())).current_dir(root().join(folder));
    command
}

/// pytest of the virtual environment.
pub(super) fn pytest(folder: &str, report: &Path) -> Command {
    let mut command = Command::new(python_tool("python"));
    command.args(["-m", "pytest", "-q", &format!("--junitxml={}", report.display())]).current_dir(root().join(folder));
    command
}
