//! `cargo xtask`: everything that a developer runs. It imports none of our crates, so that it is built in seconds and runs while
//! they do not compile.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

mod admin;
mod cases;
mod cloud;
mod dev;
mod openapi;
mod ports;
mod postgres;
mod process;
mod process_table;
mod queries;
mod release;
mod settings;
mod steps;
mod test;
mod throwaway;
mod tidy;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Everything that a developer runs", max_term_width = 120)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run the portal on this machine, until Ctrl-C
    Dev {
        /// Rebuild functions and pages when their sources change
        #[arg(long)]
        watch: bool,
    },
    /// Run a command beside a portal of its own that is thrown away afterwards
    Cloud {
        /// With a scripted peer in OpenAI's place
        #[arg(long)]
        open_ai_peer: bool,
        /// The command; it finds the portal's addresses in the file that `RECOLLECT_ENDPOINTS` names
        #[arg(trailing_var_arg = true, required = true)]
        command: Vec<String>,
    },
    /// Run a command beside a Postgres and a pooler that are thrown away afterwards
    Postgres {
        /// The command; it finds the addresses in `TEST_POSTGRES_URL` and `TEST_POSTGRES_POOLER_URL`
        #[arg(trailing_var_arg = true, required = true)]
        command: Vec<String>,
    },
    /// Run all that CI runs, or only the stages that are named
    Test {
        /// In their order; all if none is named
        stages: Vec<test::Stage>,
    },
    /// Run the numbered cases of bad streams, and renew the table of them in `docs/providers.md`
    Cases,
    /// Help people in: links for the first account and for forgotten passwords
    Admin {
        #[command(subcommand)]
        task: admin::Task,
    },
    /// Check the rules of the project's shape
    Tidy,
    /// Renew `.sqlx`, the descriptions of the SQL queries
    Queries {
        /// Only check that they are up to date
        #[arg(long)]
        check: bool,
    },
    /// Renew `docs/openapi.json` and the types of the pages
    Openapi {
        /// Only check that the types are up to date
        #[arg(long)]
        check: bool,
    },
    /// Build the functions as Lambda gets them, and check their sizes
    Release {
        /// The processor that they are for; this machine's if none is named
        #[arg(long)]
        architecture: Option<release::Architecture>,
    },
}

// One thread: what is started here is told to end with the thread that started it.
#[expect(clippy::disallowed_macros, reason = "a program of its own, no function")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Dev { watch } => dev::run(watch).await,
        Task::Cloud { open_ai_peer, command } => throwaway::cloud(open_ai_peer, &command).await,
        Task::Postgres { command } => throwaway::postgres(&command).await,
        Task::Test { stages } => test::run(&stages).await,
        Task::Cases => cases::run().await,
        Task::Admin { task } => admin::run(task).await,
        Task::Tidy => tidy::run(),
        Task::Queries { check } => {
            if check { queries::check().await } else { queries::renew().await }.map(|()| ExitCode::SUCCESS)
        }
        Task::Openapi { check } => {
            if check { openapi::check().await } else { openapi::renew().await }.map(|()| ExitCode::SUCCESS)
        }
        Task::Release { architecture } => release::run(architecture.unwrap_or_else(release::Architecture::here)).await,
    };
    done.unwrap_or_else(|error| {
        eprintln!("\n{error:#}");
        ExitCode::FAILURE
    })
}
