use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::junit;
use super::outcome::Outcome;

/// A command of a stage.
#[derive(Debug)]
pub(super) struct Check {
    command: Command,
    report: Report,
}

/// How it says which tests ran.
#[derive(Debug)]
enum Report {
    /// It runs none.
    None,
    /// In a JUnit file.
    JUnit(PathBuf),
    /// In what it prints, as `cargo test` does.
    Printed,
}

impl Check {
    /// A command that passes or fails as a whole.
    pub(super) fn new(command: Command) -> Self {
        Self { command, report: Report::None }
    }

    /// A command that writes a JUnit report to this file.
    pub(super) fn reporting(command: Command, report: PathBuf) -> Self {
        Self { command, report: Report::JUnit(report) }
    }

    /// A command that prints what `cargo test` prints.
    pub(super) fn printing(command: Command) -> Self {
        Self { command, report: Report::Printed }
    }

    /// Runs it; what it prints is shown as it comes.
    pub(super) async fn run(mut self) -> Result<Outcome> {
        let words = words(&self.command);
        println!("$ {words}");
        if let Report::JUnit(report) = &self.report {
            // What an earlier run wrote is not what this one finds.
            let _ = std::fs::remove_file(report);
            std::fs::create_dir_all(report.parent().context("a report is in a folder")?)?;
        }
        let mut outcome = Outcome::default();
        self.command.stdin(Stdio::null()).kill_on_drop(true);
        if matches!(self.report, Report::Printed) {
            self.command.stdout(Stdio::piped());
        }
        let mut child = self.command.spawn().with_context(|| format!("cannot start {words}"))?;
        if let Some(printed) = child.stdout.take() {
            let mut lines = BufReader::new(printed).lines();
            while let Some(line) = lines.next_line().await? {
                println!("{line}");
                count(&line, &mut outcome);
            }
        }
        let status = child.wait().await?;
        if let Report::JUnit(report) = &self.report {
            match junit::read(report) {
                Ok(found) => outcome.add(found),
                // It did not come so far; that is what counts.
                Err(_) if !status.success() => {}
                Err(error) => return Err(error),
            }
        }
        if !status.success() && outcome.failed.is_empty() {
            outcome.failed.push(words);
        }
        Ok(outcome)
    }
}

/// Runs all of them, also after one that failed.
pub(super) async fn all(checks: impl IntoIterator<Item = Check>) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for check in checks {
        outcome.add(check.run().await?);
    }
    Ok(outcome)
}

/// A line of `cargo test` about one test: `test shared/store/src/lib.rs - (line 7) - compile ... ok`.
fn count(line: &str, outcome: &mut Outcome) {
    let Some((name, result)) = line.strip_prefix("test ").and_then(|line| line.rsplit_once(" ... ")) else { return };
    match result {
        "ok" => outcome.passed += 1,
        "FAILED" => outcome.failed.push(name.to_owned()),
        _ if result.starts_with("ignored") => outcome.skipped += 1,
        _ => {}
    }
}

fn words(command: &Command) -> String {
    let command = command.as_std();
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    let words: Vec<_> = std::iter::once(program).chain(arguments).collect();
    let folder = command.get_current_dir().and_then(|folder| folder.strip_prefix(crate::workspace::root()).ok());
    match folder.filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => format!("{}  (in {})", words.join(" "), folder.display()),
        None => words.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn a_command_that_fails_without_a_report_counts_once() {
        let outcome = Check::new(shell("exit 3")).run().await.expect("it runs");
        assert_eq!(outcome, Outcome::broken("sh -c exit 3"));
        let folder = tempfile::tempdir().expect("a folder");
        let report = folder.path().join("report.xml");
        std::fs::write(&report, "<testsuites><testcase name='old'/></testsuites>").expect("a file");
        let outcome = Check::reporting(shell("exit 3"), report).run().await.expect("it runs");
        assert_eq!((outcome.passed, outcome.failed.len()), (0, 1), "an old report does not count");
    }

    #[tokio::test]
    async fn tests_that_are_printed_are_counted() {
        let script = "echo 'running 3 tests'; echo 'test a.rs - (line 1) ... ok'; echo 'test b - c (line 2) - compile fail ... FAILED'; \
                      echo 'test d ... ignored'; exit 101";
        let outcome = Check::printing(shell(script)).run().await.expect("it runs");
        assert_eq!((outcome.passed, outcome.skipped), (1, 1));
        assert_eq!(outcome.failed, ["b - c (line 2) - compile fail"]);
    }

    #[tokio::test]
    async fn the_next_command_runs_after_one_that_failed() {
        let folder = tempfile::tempdir().expect("a folder");
        let reached = folder.path().join("reached");
        let second = shell(&format!("touch {}", reached.display()));
        let outcome = all([Check::new(shell("exit 1")), Check::new(second)]).await.expect("they run");
        assert_eq!(outcome.failed.len(), 1);
        assert!(reached.exists());
    }
}
