//! `docs/openapi.json` from the handlers, and the types of the pages from it.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use tokio::process::Command;

use crate::process::run;
use crate::throwaway::status;
use crate::tools;
use crate::workspace::root;

/// Renews both.
pub(crate) async fn renew() -> Result<()> {
    let mut test = Command::new("cargo");
    // The whole workspace, so that nothing is compiled again with other features.
    test.args(["test", "--workspace", "--locked", "--test", "it", "--", "openapi::"]);
    test.env("UPDATE_OPENAPI", "1").current_dir(root());
    if status(&mut test).await? != ExitCode::SUCCESS {
        bail!("docs/openapi.json could not be renewed.");
    }
    generate().await?;
    println!("Renewed docs/openapi.json and frontend/src/api/schema.ts.");
    Ok(())
}

/// Fails when the types of the pages are not those of `docs/openapi.json`. (That this is what the handlers say, a test of `it` checks.)
pub(crate) async fn check() -> Result<()> {
    let before = fs::read(types()).with_context(|| format!("cannot read {}", types().display()))?;
    let generated = generate().await;
    let after = fs::read(types());
    // A check changes nothing, also where the generator failed halfway.
    if after.as_ref().is_ok_and(|after| *after != before) || after.is_err() {
        fs::write(types(), &before).with_context(|| format!("cannot write {}", types().display()))?;
    }
    generated?;
    if after? != before {
        bail!("frontend/src/api/schema.ts is not what docs/openapi.json says: run `cargo xtask openapi`.");
    }
    println!("The types of the pages are those of docs/openapi.json.");
    Ok(())
}

fn types() -> PathBuf {
    root().join("frontend/src/api/schema.ts")
}

async fn generate() -> Result<()> {
    tools::npm("frontend").await?;
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", "generate"]).current_dir(root().join("frontend"));
    run("npm run generate", &mut npm, "The types of the pages cannot be generated from docs/openapi.json.")
        .await
        .map(drop)
}
