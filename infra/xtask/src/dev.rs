use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};

use crate::cloud::{Cloud, Plan, Ports, Secrets, write_secret};
use crate::process::{end_session, unprivileged_user};
use crate::process_table::running;
use crate::settings::Settings;
use crate::workspace::{local, root};

/// Runs the portal until Ctrl-C.
pub(crate) async fn run(watch: bool) -> Result<ExitCode> {
    let begun = Instant::now();
    std::fs::create_dir_all(local().join("run"))?;
    std::fs::create_dir_all(local().join("data"))?;
    let lock = Lock::take().await?;
    let mut settings = Settings::read(&root().join(".env.local"))?;
    for found in settings.discover() {
        println!("  · found a language model on its usual port: {found}={}", settings.get(found));
    }
    let ports = Ports::choose(read("run/ports.json"), Some(settings.port()?))?;
    let secrets = match read("data/secrets.json") {
        Some(secrets) => secrets,
        None => Secrets::generate(),
    };
    keep("data/secrets.json", &secrets)?;
    keep("run/ports.json", &ports)?;
    let plan = Plan::lasting(&local(), database_folder()?, settings, secrets, ports, watch);

    let mut interrupts = signal(SignalKind::interrupt())?;
    let mut ends = signal(SignalKind::terminate())?;
    let mut cloud = tokio::select! {
        cloud = Cloud::start(plan) => cloud?,
        _ = interrupts.recv() => return Ok(ExitCode::FAILURE),
        _ = ends.recv() => return Ok(ExitCode::FAILURE),
    };
    lock.record(&cloud.url, &cloud.pids())?;
    println!(
        "\n  Recollect is on {}  (started in {:.0} s; Ctrl-C ends it)\n",
        cloud.url,
        begun.elapsed().as_secs_f64()
    );
    if let Some(path) = &cloud.setup_path {
        println!("  Nobody has an account yet. Make the first one, an admin's, with this link, which is good once:\n");
        println!("    {}{path}\n", cloud.url);
    }
    let broken = tokio::select! {
        broken = cloud.supervise() => broken,
        _ = interrupts.recv() => Ok(()),
        _ = ends.recv() => Ok(()),
    };
    println!("  Stopping. What was said is kept.");
    cloud.stop().await;
    drop(lock);
    broken.map(|()| ExitCode::SUCCESS)
}

/// The data folder of Postgres: in the clone, unless the user that Postgres runs as cannot get there.
fn database_folder() -> Result<PathBuf> {
    let folder = local().join("data/postgres");
    let reachable = |user: &nix::unistd::User| {
        use std::os::unix::fs::MetadataExt as _;
        local()
            .ancestors()
            .filter_map(|folder| folder.metadata().ok())
            .all(|found| found.mode() & 0o001 != 0 || (found.uid() == user.uid.as_raw() && found.mode() & 0o100 != 0))
    };
    match unprivileged_user() {
        Some(user) if !reachable(&user) => {
            let clone = crate::tools::fingerprint(&[])? + &root().to_string_lossy().replace('/', "-");
            let elsewhere = PathBuf::from("/var/lib").join(format!("recollect{}", &clone[64..])).join("postgres");
            println!(
                "  · Postgres does not run as root, and {} cannot get here: its data is in {}",
                user.name,
                elsewhere.display()
            );
            Ok(elsewhere)
        }
        _ => Ok(folder),
    }
}

/// Where the portal of this clone is, and where its functions can be invoked, while it runs.
pub(crate) fn portal_here() -> Result<(String, u16)> {
    let holder: Option<Holder> = read(LOCK).filter(|holder: &Holder| holder.process.lives());
    let url = holder.and_then(|holder| holder.url).context("The portal does not run: start it with `make run`.")?;
    let ports: Ports = read("run/ports.json").context("The portal does not say where it listens: start it again.")?;
    Ok((url, ports.functions))
}

fn read<T: for<'a> Deserialize<'a>>(name: &str) -> Option<T> {
    serde_json::from_slice(&std::fs::read(local().join(name)).ok()?).ok()
}

fn keep<T: Serialize>(name: &str, value: &T) -> Result<()> {
    write_secret(&local().join(name), &serde_json::to_string(value)?)
}

/// One portal a clone. The lock says who holds it and what it runs, so that what a killed one left behind can be ended.
struct Lock {
    us: Process,
}

#[derive(Deserialize, Serialize)]
struct Holder {
    process: Process,
    url: Option<String>,
    children: Vec<Process>,
}

/// A process that cannot be taken for another one that got its number later.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Process {
    pid: i32,
    /// When it was started, in clock ticks since the machine was.
    started: Option<u64>,
}

const LOCK: &str = "run/lock.json";

impl Lock {
    async fn take() -> Result<Self> {
        if let Some(holder) = read::<Holder>(LOCK) {
            if holder.process.lives() {
                let url = holder.url.map_or_else(|| "it is starting".to_owned(), |url| format!("it is on {url}"));
                bail!("The portal of this clone runs already, as process {}: {url}.", holder.process.pid);
            }
            for child in &holder.children {
                child.end().await;
            }
        }
        let us = Process::of(i32::try_from(std::process::id())?);
        keep(LOCK, &Holder { process: us.clone(), url: None, children: Vec::new() })?;
        Ok(Self { us })
    }

    fn record(&self, url: &str, children: &[i32]) -> Result<()> {
        let children = children.iter().map(|pid| Process::of(*pid)).collect();
        keep(LOCK, &Holder { process: self.us.clone(), url: Some(url.to_owned()), children })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A lock that stays is found stale by the next start.
        let _ = std::fs::remove_file(local().join(LOCK));
    }
}

impl Process {
    fn of(pid: i32) -> Self {
        Self { pid, started: running(pid).map(|process| process.started) }
    }

    fn lives(&self) -> bool {
        self.started.is_some() && Self::of(self.pid) == *self
    }

    /// Ends it, and what it left behind if it is gone already.
    async fn end(&self) {
        let pid = Pid::from_raw(self.pid);
        if self.lives() {
            println!("  · ending process {}, which the last portal left behind", self.pid);
            let _ = killpg(pid, Signal::SIGTERM);
            let ended = async {
                while self.lives() {
                    sleep(Duration::from_millis(50)).await;
                }
            };
            let _ = timeout(Duration::from_secs(10), ended).await;
        } else if running(self.pid).is_some() {
            // Another process has its number, which nobody gets as long as anything of its session runs.
            return;
        }
        end_session(pid).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_known_by_its_start() {
        let us = Process::of(i32::try_from(std::process::id()).expect("a pid"));
        assert!(us.lives());
        assert!(!Process { started: us.started.map(|started| started + 1), ..us }.lives());
        assert!(!Process { pid: 1, started: None }.lives());
    }
}
