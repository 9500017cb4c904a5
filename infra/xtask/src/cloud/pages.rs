use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use tokio::net::TcpStream;
use tokio::process::Command;

use super::Plan;
use crate::process::{Daemon, guarded, run};
use crate::tools::fingerprint;
use crate::workspace::{local, root};

/// Builds the pages, where their sources changed.
pub(super) async fn build() -> Result<()> {
    let folder = root().join("frontend");
    let mut sources = vec![folder.join("package-lock.json"), folder.join("index.html"), folder.join("vite.config.ts")];
    collect(&folder.join("src"), &mut sources)?;
    collect(&folder.join("public"), &mut sources)?;
    sources.sort();
    let (stamp, wanted) = (local().join("pages-built"), fingerprint(&sources)?);
    if folder.join("dist/index.html").exists() && std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["run", "build"]).current_dir(&folder);
    run("npm run build", &mut npm, "The pages could not be built.").await?;
    std::fs::create_dir_all(local())?;
    Ok(std::fs::write(stamp, wanted)?)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// Serves the pages from their sources.
pub(super) async fn serve(plan: &mut Plan) -> Result<Daemon> {
    let port = plan.ports.vite;
    let mut command = guarded("npx", false);
    command
        .args(["vite", "--host", "127.0.0.1", "--strictPort", "--port", &port.to_string()])
        .current_dir(root().join("frontend"));
    let mut vite = Daemon::start("Vite", &mut command, plan.log("vite"))?;
    vite.ready(Duration::from_mins(1), async || TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await?;
    Ok(vite)
}
