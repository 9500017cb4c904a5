//! What the operator does for people: links to make the first account and to set a forgotten password.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Subcommand;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::cloud::invoke_at;
use crate::dev::portal_here;
use crate::process::run as run_program;
use crate::tools::{self, python_tool};

/// What is done, on the portal of this machine or on a deployed one.
#[derive(Subcommand)]
pub(crate) enum Task {
    /// Make a link that sets a forgotten password, good once for an hour
    Reset {
        /// The e-mail address of the account
        email: String,
        /// The deployed portal of this stage, with your AWS credentials, instead of the one on this machine
        #[arg(long)]
        stage: Option<String>,
    },
    /// Make the link that makes the first account, in place of those made before
    Setup {
        /// The deployed portal of this stage, with your AWS credentials, instead of the one on this machine
        #[arg(long)]
        stage: Option<String>,
    },
}

/// Makes the link and prints it.
pub(crate) async fn run(task: Task) -> Result<ExitCode> {
    let (function, event, stage) = match task {
        Task::Reset { email, stage } => ("reset_link", json!({ "email": email }), stage),
        Task::Setup { stage } => ("setup_link", json!({}), stage),
    };
    let (portal, link) = match stage {
        Some(stage) => (format!("<the address of {stage}>"), deployed(&stage, function, &event).await?),
        None => here(function, event).await?,
    };
    let Some(path) = link["path"].as_str() else {
        bail!(
            "There is an account already: an admin invites people. For a forgotten password: `cargo xtask admin reset <e-mail>`."
        );
    };
    println!("{portal}{path}");
    Ok(ExitCode::SUCCESS)
}

async fn here(function: &str, event: Value) -> Result<(String, Value)> {
    let (portal, port) = portal_here()?;
    let url = format!("http://127.0.0.1:{port}/2015-03-31/functions/{function}/invocations");
    Ok((portal, invoke_at(url, function, event).await?))
}

async fn deployed(stage: &str, function: &str, event: &Value) -> Result<Value> {
    tools::python().await?;
    // A file that only we can read: the answer is a secret.
    let answer = tempfile::NamedTempFile::new()?;
    let mut aws = Command::new(python_tool("aws"));
    aws.args(["lambda", "invoke", "--function-name", &format!("{stage}_{function}")]);
    aws.args(["--cli-binary-format", "raw-in-base64-out", "--payload", &event.to_string()]).arg(answer.path());
    run_program("aws lambda invoke", &mut aws, "Check the stage, and your AWS credentials and region.").await?;
    let answer: Value =
        serde_json::from_slice(&std::fs::read(answer.path())?).context("the function answers no JSON")?;
    if let Some(error) = answer["errorMessage"].as_str() {
        bail!("{function} failed: {error}");
    }
    Ok(answer)
}
