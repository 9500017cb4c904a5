use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use nix::unistd::Uid;
use sha2::{Digest as _, Sha256};
use tokio::process::Command;

use crate::process::run;
use crate::workspace::{local, root};

/// The programs of the virtual environment below `.local`.
pub(crate) fn python_tool(name: &str) -> PathBuf {
    local().join("venv/bin").join(name)
}

/// Installs the emulator, cargo-lambda and the AWS command line, where the list of them changed.
pub(crate) async fn python() -> Result<()> {
    python_packages("requirements.txt").await
}

/// Installs a list of Python packages of `infra/local` into the virtual environment.
pub(crate) async fn python_packages(list: &str) -> Result<()> {
    let (venv, folder) = (local().join("venv"), root().join("infra/local"));
    let lists = ["requirements.txt", "constraints.txt", list].map(|name| folder.join(name));
    let stamp = venv.join(format!(".installed-{list}"));
    installed(&stamp, &lists, async || {
        if !venv.join("bin/python").exists() {
            let mut make = Command::new("python3");
            make.args(["-m", "venv"]).arg(&venv);
            run(
                "python3 -m venv",
                &mut make,
                "Python 3.11 or newer with its venv module is needed (Debian: python3-venv).",
            )
            .await?;
        }
        let mut pip = Command::new(venv.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(folder.join(list));
        run("pip", &mut pip, "The packages could not be installed; is there a network?").await.map(drop)
    })
    .await
}

/// Installs what a `package-lock.json` lists, where it changed.
pub(crate) async fn npm(folder: &str) -> Result<()> {
    let folder = root().join(folder);
    let lock = folder.join("package-lock.json");
    installed(&folder.join("node_modules/.installed"), std::slice::from_ref(&lock), async || {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
        run("npm ci", &mut npm, "Node 20 or newer with npm is needed, and a network.").await.map(drop)
    })
    .await
}

/// Runs `install` unless it was done for files of just this content.
async fn installed(stamp: &Path, of: &[PathBuf], install: impl AsyncFnOnce() -> Result<()>) -> Result<()> {
    let wanted = fingerprint(of)?;
    if std::fs::read_to_string(stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    install().await?;
    std::fs::write(stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

/// What tells these files from others of the same names.
pub(crate) fn fingerprint(files: &[PathBuf]) -> Result<String> {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.to_string_lossy().as_bytes());
        hash.update(std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?);
    }
    Ok(format!("{:x}", hash.finalize()))
}

/// Where `initdb`, `postgres` and `psql` are. Installs Postgres where it is missing and we may.
pub(crate) async fn postgres_programs() -> Result<PathBuf> {
    if let Some(found) = find_postgres() {
        return Ok(found);
    }
    debian_package("postgresql").await?;
    find_postgres().context("Postgres was installed, but initdb is not in /usr/lib/postgresql/*/bin")
}

/// The newest one: Debian keeps them out of the path, others do not.
fn find_postgres() -> Option<PathBuf> {
    let version =
        |folder: &PathBuf| folder.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u32>().ok());
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let mut debian: Vec<_> = debian.filter(|folder| folder.join("bin/initdb").exists()).collect();
    debian.sort_by_key(version);
    debian.pop().map(|folder| folder.join("bin")).or_else(|| in_path("initdb")?.parent().map(Path::to_path_buf))
}

/// A program of the path; `/usr/sbin` is not in everybody's.
#[expect(clippy::disallowed_methods, reason = "a program of its own, no function")]
pub(crate) fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    folders.map(|folder| folder.join(program)).find(|program| program.is_file())
}

/// Finds a program, or installs the Debian package that has it.
pub(crate) async fn debian_program(program: &str, package: &str) -> Result<PathBuf> {
    if let Some(found) = in_path(program) {
        return Ok(found);
    }
    debian_package(package).await?;
    in_path(program).with_context(|| format!("the package {package} was installed, but there is no {program}"))
}

async fn debian_package(package: &str) -> Result<()> {
    let advice = format!("Install the package {package} of your system, then try again.");
    if in_path("apt-get").is_none() || !Uid::effective().is_root() {
        bail!("{package} is missing, and only root may install it with apt. {advice}");
    }
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    // A list of packages that is old is no reason to fail: the package may be in it.
    let _ = run("apt-get update", &mut apt(&["update", "-q"]), "").await;
    run("apt-get install", &mut apt(&["install", "-q", "-y", "--no-install-recommends", package]), &advice)
        .await
        .map(drop)
}
