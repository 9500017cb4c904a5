//! `cargo xtask test`: all that CI runs, stage by stage.

mod beside;
mod check;
mod junit;
mod outcome;
mod programs;
mod stage;
mod stages;
mod summary;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::ValueEnum as _;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use beside::Beside;
use outcome::Outcome;
pub(crate) use programs::nextest_report;
pub(crate) use stage::Stage;
use summary::Summary;

/// The tests of the numbered cases, on the whole workspace as all tests are.
pub(crate) fn nextest_of_cases() -> Result<Command> {
    programs::nextest(&["--no-fail-fast", "-E", "test(/case_[0-9][0-9]_/)"])
}

/// The pages' tests of the numbered cases.
pub(crate) fn pages_of_cases() -> Command {
    let file = format!("--outputFile.junit={}", pages_report().display());
    programs::npm("frontend", "test", &["--reporter=junit".to_owned(), file, "-t".to_owned(), "case_".to_owned()])
}

/// Where the report of [`pages_of_cases`] is.
pub(crate) fn pages_report() -> PathBuf {
    programs::report("cases-pages")
}

/// Runs the wanted stages in their order, or all of them. A stage that fails stops only those that cannot work without it.
pub(crate) async fn run(wanted: &[Stage]) -> Result<ExitCode> {
    let (mut interrupt, mut end) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let mut summary = Summary::default();
    let mut beside = Beside::default();
    for stage in Stage::value_variants().iter().filter(|stage| wanted.is_empty() || wanted.contains(stage)) {
        if let Some(needed) = stage.needs().iter().find(|needed| summary.failed(**needed)) {
            summary.add(*stage, 0.0, Outcome::left_out(format!("left out: {} failed", needed.name())));
            continue;
        }
        println!("\n── {}: {}", stage.name(), stage.what());
        let begun = Instant::now();
        let done = tokio::select! {
            done = stages::run(*stage, &mut beside) => done,
            _ = interrupt.recv() => { summary.interrupt(*stage); break },
            _ = end.recv() => { summary.interrupt(*stage); break },
        };
        let outcome = done.unwrap_or_else(|error| {
            println!("{error:#}");
            Outcome::broken(stage.name())
        });
        summary.add(*stage, begun.elapsed().as_secs_f64(), outcome);
    }
    beside.stop(summary.is_green()).await;
    print!("{}", summary.text());
    Ok(if summary.is_green() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
