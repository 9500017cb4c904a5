use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use nix::sys::signal::Signal;
use tokio::process::Command;

use crate::process::{Daemon, guarded, run, unprivileged_user};
use crate::{ports, tools};

const ADMIN: &str = "recollect_admin";

/// A Postgres server of our own.
#[derive(Debug)]
pub(crate) struct Postgres {
    pub(crate) daemon: Daemon,
    port: u16,
    password: String,
    programs: PathBuf,
}

/// What is kept and what is thrown away.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Durability {
    /// Survives everything that the machine's disk survives.
    Kept,
    /// Never waits for the disk.
    ThrownAway,
}

impl Postgres {
    /// Starts the server of a data folder, which is made if there is none.
    pub(crate) async fn start(
        data: &Path,
        port: u16,
        password: &str,
        log: PathBuf,
        durability: Durability,
    ) -> Result<Self> {
        let programs = tools::postgres_programs().await?;
        if !data.join("PG_VERSION").exists() {
            make(&programs, data, password).await?;
        }
        let mut command = guarded(programs.join("postgres"), true);
        command.arg("-D").arg(data).args(["-p", &port.to_string()]);
        // Up to 64 processes a function, two connections each at most; few of them at the same time.
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=500",
            "log_min_messages=warning",
        ] {
            command.args(["-c", setting]);
        }
        if durability == Durability::ThrownAway {
            for setting in ["fsync=off", "synchronous_commit=off", "full_page_writes=off"] {
                command.args(["-c", setting]);
            }
        }
        let daemon = Daemon::start("Postgres", &mut command, log)?.ending_with(Signal::SIGINT);
        let mut postgres = Self { daemon, port, password: password.to_owned(), programs };
        let mut ask = psql(&postgres.programs, port, password, "postgres");
        ask.args(["-c", "SELECT 1"]);
        let answered = async || ask.output().await.is_ok_and(|output| output.status.success());
        postgres.daemon.ready(Duration::from_mins(1), answered).await?;
        Ok(postgres)
    }

    /// A server in a folder that is thrown away.
    pub(crate) async fn throwaway(folder: &Path) -> Result<Self> {
        let data = folder.join("postgres");
        Self::start(&data, ports::free(None)?, "only-for-tests", folder.join("postgres.log"), Durability::ThrownAway)
            .await
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The administrator's URL of a database.
    pub(crate) fn admin_url(&self, database: &str) -> String {
        self.url(ADMIN, &self.password, database)
    }

    /// Somebody's URL of a database.
    pub(crate) fn url(&self, user: &str, password: &str, database: &str) -> String {
        format!("postgres://{user}:{password}@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes sure that there is a database, owned by a role that may make roles and is no superuser.
    pub(crate) async fn database(&self, name: &str, owner: &str, password: &str) -> Result<()> {
        let statements = format!(
            "SELECT 'CREATE ROLE {owner} CREATEROLE' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{owner}') \\gexec\n\
             ALTER ROLE {owner} LOGIN PASSWORD '{password}';\n\
             SELECT 'CREATE DATABASE {name} OWNER {owner}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \\gexec\n"
        );
        let script = tempfile::NamedTempFile::new()?;
        std::fs::write(script.path(), statements)?;
        let mut psql = self.psql("postgres");
        psql.arg("-f").arg(script.path());
        run("psql", &mut psql, "The database could not be made.").await.map(drop)
    }

    /// `psql` as the administrator.
    pub(crate) fn psql(&self, database: &str) -> Command {
        psql(&self.programs, self.port, &self.password, database)
    }
}

fn psql(programs: &Path, port: u16, password: &str, database: &str) -> Command {
    let mut command = Command::new(programs.join("psql"));
    command.args([
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        "127.0.0.1",
        "-p",
        &port.to_string(),
        "-U",
        ADMIN,
        "-d",
        database,
    ]);
    command.env("PGPASSWORD", password);
    command
}

/// Postgres refuses to run as root, and to use a folder that is not its own.
async fn make(programs: &Path, data: &Path, password: &str) -> Result<()> {
    std::fs::create_dir_all(data)?;
    let secret = tempfile::NamedTempFile::new()?;
    std::fs::write(secret.path(), password)?;
    if let Some(user) = unprivileged_user() {
        chown(data, Some(user.uid.as_raw()), Some(user.gid.as_raw()))
            .context("cannot give the data folder to the user of Postgres")?;
        chown(secret.path(), Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
    }
    let mut command = guarded(programs.join("initdb"), true);
    command.arg("-D").arg(data).args(["-U", ADMIN, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"]);
    command.arg("--pwfile").arg(secret.path()).current_dir("/");
    let done = run("initdb", &mut command, "The folder of the database could not be made.").await;
    if done.is_err() {
        // What is half made would be taken for a database at the next start.
        let _ = std::fs::remove_dir_all(data);
    }
    done.map(drop)
}
