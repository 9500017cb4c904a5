use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use crate::cloud::{Cloud, Plan};
use crate::postgres::Postgres;
use crate::process::{Daemon, guarded, unprivileged_user};
use crate::settings::Settings;
use crate::{ports, tools};

/// Runs a command beside a portal of its own.
pub(crate) async fn cloud(open_ai_peer: bool, command: &[String]) -> Result<ExitCode> {
    let mut portal = Portal::start(open_ai_peer).await?;
    let mut command = program(command);
    portal.tell(&mut command);
    let done = portal.supervise(status(&mut command)).await;
    portal.stop(matches!(done, Ok(ExitCode::SUCCESS))).await;
    done
}

/// A portal of its own, in a folder that is thrown away.
#[derive(Debug)]
pub(crate) struct Portal {
    cloud: Cloud,
    folder: TempDir,
}

impl Portal {
    pub(crate) async fn start(open_ai_peer: bool) -> Result<Self> {
        let folder = folder()?;
        let plan = Plan::throwaway(folder.path(), Settings::default(), open_ai_peer)?;
        let cloud = Cloud::start(plan).await.inspect_err(|_| keep_logs(folder.path()))?;
        let portal = Self { cloud, folder };
        std::fs::write(portal.endpoints(), portal.cloud.endpoints())?;
        Ok(portal)
    }

    /// Lets a command find it.
    pub(crate) fn tell(&self, command: &mut Command) {
        command.env("RECOLLECT_ENDPOINTS", self.endpoints());
    }

    /// Keeps it running while something works with it.
    pub(crate) async fn supervise<T>(&mut self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            done = work => done,
            broken = self.cloud.supervise() => Err(broken.err().unwrap_or_else(|| anyhow!("the portal ended"))),
        }
    }

    /// Stops it; the logs of a run that was not green outlive it.
    pub(crate) async fn stop(self, green: bool) {
        self.cloud.stop().await;
        if !green {
            keep_logs(self.folder.path());
        }
    }

    fn endpoints(&self) -> PathBuf {
        self.folder.path().join("endpoints.json")
    }
}

/// Runs a command beside a Postgres and a pooler.
pub(crate) async fn postgres(command: &[String]) -> Result<ExitCode> {
    let servers = Servers::start().await?;
    let mut command = program(command);
    servers.tell(&mut command);
    let done = status(&mut command).await;
    servers.stop().await;
    done
}

/// A Postgres for tests, and the same through a pooler in transaction mode.
#[derive(Debug)]
pub(crate) struct Servers {
    pub(crate) postgres: Postgres,
    pooler: Daemon,
    pooler_port: u16,
    _folder: TempDir,
}

impl Servers {
    pub(crate) async fn start() -> Result<Self> {
        let folder = folder()?;
        let postgres = Postgres::throwaway(folder.path()).await?;
        let pooler_port = ports::free(None)?;
        let pooler = pooler(folder.path(), pooler_port, postgres.port()).await?;
        Ok(Self { postgres, pooler, pooler_port, _folder: folder })
    }

    /// Lets a command find both.
    pub(crate) fn tell(&self, command: &mut Command) {
        command.env("TEST_POSTGRES_URL", self.postgres.admin_url("postgres"));
        command.env("TEST_POSTGRES_POOLER_URL", format!("postgres://anybody@127.0.0.1:{}/postgres", self.pooler_port));
    }

    pub(crate) async fn stop(mut self) {
        self.pooler.stop().await;
        self.postgres.daemon.stop().await;
    }
}

/// The tests' roles and their password, which `testkit` makes.
const USERS: [&str; 2] = ["recollect_test_app", "recollect_test_owner"];
const PASSWORD: &str = "only-for-tests";

async fn pooler(folder: &Path, port: u16, postgres: u16) -> Result<Daemon> {
    let program = tools::debian_program("pgbouncer", "pgbouncer").await?;
    let (users, settings) = (folder.join("pgbouncer-users.txt"), folder.join("pgbouncer.ini"));
    std::fs::write(&users, USERS.map(|user| format!("\"{user}\" \"{PASSWORD}\"\n")).concat())?;
    std::fs::write(
        &settings,
        format!(
            "[databases]\n* = host=127.0.0.1 port={postgres}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             pool_mode = transaction\nmax_client_conn = 1000\ndefault_pool_size = 5\n\
             auth_type = plain\nauth_file = {}\n",
            users.display()
        ),
    )?;
    let mut command = guarded(program, true);
    command.arg(settings);
    let mut daemon = Daemon::start("pgbouncer", &mut command, folder.join("pgbouncer.log"))?;
    daemon.ready(Duration::from_secs(20), async || TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await?;
    Ok(daemon)
}

/// Whoever runs the servers may look into it.
pub(crate) fn folder() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("recollect-").tempdir().context("no temporary folder can be made")?;
    if let Some(user) = unprivileged_user() {
        std::os::unix::fs::chown(folder.path(), Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
    }
    Ok(folder)
}

/// The logs of a run that failed outlive it.
fn keep_logs(folder: &Path) {
    let kept = crate::workspace::local().join("logs/last-failure");
    let _ = std::fs::remove_dir_all(&kept);
    let copied = std::fs::create_dir_all(&kept).and_then(|()| {
        for entry in std::fs::read_dir(folder)?.flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "log") {
                std::fs::copy(entry.path(), kept.join(entry.file_name()))?;
            }
        }
        Ok(())
    });
    if copied.is_ok() {
        eprintln!("The logs are in {}", kept.display());
    }
}

pub(crate) fn program(words: &[String]) -> Command {
    let mut command = Command::new(words.first().map_or("true", String::as_str));
    command.args(words.get(1..).unwrap_or_default());
    command
}

/// Runs a command with our input and output until it ends. Ctrl-C reaches it as well as us: we wait for it.
pub(crate) async fn status(command: &mut Command) -> Result<ExitCode> {
    let mut child = command.kill_on_drop(true).spawn().context("the command cannot be started")?;
    let mut interrupts = signal(SignalKind::interrupt())?;
    let mut ends = signal(SignalKind::terminate())?;
    loop {
        tokio::select! {
            status = child.wait() => return Ok(if status?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
            _ = interrupts.recv() => {}
            _ = ends.recv() => child.start_kill()?,
        }
    }
}
