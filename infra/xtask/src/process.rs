use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::{Pid, Uid, User};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use crate::process_table;

/// A program that runs until it is stopped, in a session of its own.
#[derive(Debug)]
pub(crate) struct Daemon {
    name: &'static str,
    child: Child,
    pid: Pid,
    log: PathBuf,
    end: Signal,
}

impl Daemon {
    /// Starts it; what it says goes to `log`.
    pub(crate) fn start(name: &'static str, command: &mut Command, log: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(log.parent().context("a log is in a folder")?)?;
        let output = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdin(Stdio::null()).stderr(output.try_clone()?);
        if !cfg!(target_os = "linux") {
            command.process_group(0);
        }
        if command.as_std().get_envs().all(|(name, _)| name != OsStr::new(PIPED)) {
            command.stdout(output);
        } else {
            command.env_remove(PIPED).stdout(Stdio::piped());
        }
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let pid = Pid::from_raw(i32::try_from(child.id().context("it ended at once")?)?);
        Ok(Self { name, child, pid, log, end: Signal::SIGTERM })
    }

    /// The signal that ends it, where that is another than SIGTERM.
    pub(crate) fn ending_with(mut self, signal: Signal) -> Self {
        self.end = signal;
        self
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn pid(&self) -> i32 {
        self.pid.as_raw()
    }

    /// Where its standard output can be read, if it was started with [`piped`].
    pub(crate) fn stdout(&mut self) -> Option<tokio::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits until it ends by itself.
    pub(crate) async fn ended(&mut self) -> Result<ExitStatus> {
        Ok(self.child.wait().await?)
    }

    /// Asks until it is ready, for as long as it lives.
    pub(crate) async fn ready(&mut self, within: Duration, mut ask: impl AsyncFnMut() -> bool) -> Result<()> {
        let deadline = Instant::now() + within;
        while !ask().await {
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended at once ({status}):\n{}", self.name, self.last_words());
            }
            if Instant::now() > deadline {
                bail!("{} is not ready after {} s:\n{}", self.name, within.as_secs(), self.last_words());
            }
            sleep(Duration::from_millis(25)).await;
        }
        Ok(())
    }

    /// The last lines of its log.
    pub(crate) fn last_words(&self) -> String {
        last_lines(&self.log)
    }

    /// Ends it and all that it started. It gets 10 s to do that by itself.
    pub(crate) async fn stop(&mut self) {
        // It may have ended by itself, and its children not.
        let _ = if self.end == Signal::SIGTERM { killpg(self.pid, self.end) } else { kill(self.pid, self.end) };
        let _ = timeout(Duration::from_secs(10), self.child.wait()).await;
        end_session(self.pid).await;
        let _ = self.child.wait().await;
    }
}

/// A daemon that nobody stopped, because a start was given up halfway, is told to end; it has no time to be waited for.
impl Drop for Daemon {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = if self.end == Signal::SIGTERM { killpg(self.pid, self.end) } else { kill(self.pid, self.end) };
        }
    }
}

const PIPED: &str = "XTASK_PIPED";

/// Lets the standard output of a daemon be read by us instead of going to its log.
pub(crate) fn piped(command: &mut Command) -> &mut Command {
    command.env(PIPED, "1")
}

/// Kills what still runs of a daemon, and of what it started, in whatever process group that is.
pub(crate) async fn end_session(leader: Pid) {
    let _ = killpg(leader, Signal::SIGKILL);
    let deadline = Instant::now() + Duration::from_secs(5);
    loop {
        let processes = process_table::of_session(leader.as_raw());
        if processes.is_empty() || Instant::now() > deadline {
            return;
        }
        for process in processes {
            let _ = kill(Pid::from_raw(process.pid), Signal::SIGKILL);
        }
        sleep(Duration::from_millis(10)).await;
    }
}

/// A program that ends when we do, even if we are killed, and has a session of its own; as another user when we are root and `unprivileged` is asked.
pub(crate) fn guarded(program: impl AsRef<OsStr>, unprivileged: bool) -> Command {
    if !cfg!(target_os = "linux") {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    if let Some(user) = unprivileged.then(unprivileged_user).flatten() {
        command.arg(format!("--reuid={}", user.uid)).arg(format!("--regid={}", user.gid)).arg("--clear-groups");
    }
    command.args(["--pdeathsig", "TERM", "--", "setsid"]).arg(program);
    command
}

/// Who runs what refuses to run as root; nobody else when we are not root.
pub(crate) fn unprivileged_user() -> Option<User> {
    if !Uid::effective().is_root() {
        return None;
    }
    ["postgres", "nobody"].into_iter().find_map(|name| User::from_name(name).ok().flatten())
}

/// Runs a program to its end; its output is shown only if it fails, together with `advice`.
pub(crate) async fn run(what: &str, command: &mut Command, advice: &str) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().await.with_context(|| format!("cannot run {what}. {advice}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let complained = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<_> = said.lines().chain(complained.lines()).collect();
        let last = lines[lines.len().saturating_sub(30)..].join("\n");
        bail!("{what} failed ({}). {advice}\n{last}", output.status);
    }
    Ok(said)
}

/// The last lines of a log.
pub(crate) fn last_lines(log: &Path) -> String {
    let text = std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    format!("{}\n(the whole log is {})", lines[lines.len().saturating_sub(20)..].join("\n"), log.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_daemon_started_ends_with_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        let mut command = guarded("sh", false);
        // `timeout` makes a process group of its own, as cargo-lambda does for each function.
        command.args(["-c", "timeout 1000 sleep 1000 & echo $!; wait"]);
        let mut daemon = Daemon::start("a daemon", &mut command, log.clone()).expect("it starts");
        let pid = || last_lines(&log).lines().next().and_then(|pid| pid.parse::<i32>().ok());
        daemon.ready(Duration::from_secs(10), async || pid().is_some()).await.expect("it is ready");
        let child = pid().expect("a pid");
        daemon.stop().await;
        assert_eq!(process_table::running(child), None, "the child is gone");
    }

    #[tokio::test]
    async fn one_that_ends_at_once_tells_its_last_words() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = guarded("sh", false);
        command.args(["-c", "echo no such thing; exit 3"]);
        let mut daemon = Daemon::start("a daemon", &mut command, folder.path().join("log")).expect("it starts");
        let error = daemon.ready(Duration::from_secs(10), async || false).await.expect_err("it ended");
        assert!(error.to_string().contains("no such thing"), "{error}");
    }
}
