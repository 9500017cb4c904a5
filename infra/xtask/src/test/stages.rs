use std::process::ExitCode;

use anyhow::Result;
use tokio::process::Command;

use super::beside::Beside;
use super::check::{Check, all};
use super::outcome::Outcome;
use super::programs::{cargo, install_nextest, nextest, nextest_report, node_tests, npm, pytest, report};
use super::stage::Stage;
use crate::{openapi, queries, tidy, tools};

const PORTAL_TESTS: &str = "binary_id(it::cloud)";
/// All of the store's, but for one that ends the server's connections: behind a pooler these are not the store's.
const THROUGH_POOLER: &str = "package(store) and not test(connections_that_the_server_ended)";

/// Runs a stage. An error means that it could not be run.
pub(super) async fn run(stage: Stage, beside: &mut Beside) -> Result<Outcome> {
    let clippy = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    match stage {
        Stage::Tools => tools().await,
        Stage::Format => Check::new(cargo(&["fmt", "--all", "--check"])).run().await,
        Stage::Tidy => Ok(if tidy::run()? == ExitCode::SUCCESS { Outcome::default() } else { Outcome::broken("tidy") }),
        Stage::Lint => Check::new(cargo(&clippy)).run().await,
        Stage::Queries => queries::check().await.map(|()| Outcome::default()),
        Stage::ApiTypes => openapi::check().await.map(|()| Outcome::default()),
        Stage::Rustdoc => {
            let mut doc = cargo(&["doc", "--workspace", "--no-deps", "--document-private-items", "--locked"]);
            doc.env("RUSTDOCFLAGS", "-D warnings");
            Check::new(doc).run().await
        }
        Stage::Dependencies => dependencies().await,
        Stage::Build => Check::new(nextest(&["--no-run"])?).run().await,
        Stage::Tests => {
            let mut tests = nextest(&["-E", &format!("not {PORTAL_TESTS}")])?;
            beside.servers().await?.tell(&mut tests);
            Check::reporting(tests, nextest_report()).run().await
        }
        Stage::Pooler => {
            let mut tests = nextest(&["-E", THROUGH_POOLER])?;
            beside.servers().await?.tell(&mut tests);
            tests.env("TEST_THROUGH_POOLER", "1");
            Check::reporting(tests, nextest_report()).run().await
        }
        Stage::DocTests => Check::printing(cargo(&["test", "--workspace", "--doc", "--locked"])).run().await,
        Stage::Emulator => {
            let report = report("emulator");
            Check::reporting(pytest("infra/local", &report), report).run().await
        }
        Stage::FrontDoor => {
            let check = |folder: &str, name: &str| Check::reporting(node_tests(folder, &report(name)), report(name));
            all([check("infra/front-door", "edge"), check("infra/local", "front-door")]).await
        }
        Stage::PagesCheck => Check::new(npm("frontend", "check", &[])).run().await,
        Stage::PagesTest => {
            let report = report("pages");
            let file = format!("--outputFile.junit={}", report.display());
            let arguments = ["--reporter=default".to_owned(), "--reporter=junit".to_owned(), file];
            Check::reporting(npm("frontend", "test", &arguments), report).run().await
        }
        Stage::PagesBuild => Check::new(npm("frontend", "build", &[])).run().await,
        Stage::Portal => {
            let tests = nextest(&["--no-tests=fail", "-E", PORTAL_TESTS])?;
            on_the_portal(beside, tests, |tests| Check::reporting(tests, nextest_report())).await
        }
        Stage::Browser => {
            let report = report("browser");
            let mut tests = npm("tests/e2e", "test", &["--reporter=list,junit".to_owned()]);
            tests.env("PLAYWRIGHT_JUNIT_OUTPUT_FILE", &report);
            on_the_portal(beside, tests, |tests| Check::reporting(tests, report)).await
        }
    }
}

async fn on_the_portal(
    beside: &mut Beside,
    mut tests: Command,
    check: impl FnOnce(Command) -> Check,
) -> Result<Outcome> {
    let portal = beside.portal().await?;
    portal.tell(&mut tests);
    portal.supervise(check(tests).run()).await
}

async fn tools() -> Result<Outcome> {
    install_nextest().await?;
    tools::python_packages("requirements-test.txt").await?;
    for folder in ["infra/local", "infra/front-door", "frontend", "tests/e2e"] {
        tools::npm(folder).await?;
    }
    tools::postgres_programs().await?;
    tools::debian_program("pgbouncer", "pgbouncer").await?;
    tools::debian_program("chromium", "chromium").await?;
    Ok(Outcome::default())
}

/// cargo-deny takes minutes to compile, and its list of vulnerabilities is on GitHub: it is used where somebody installed it.
async fn dependencies() -> Result<Outcome> {
    if tools::in_path("cargo-deny").is_some() {
        return Check::new(cargo(&["deny", "check"])).run().await;
    }
    let missing = "cargo-deny is not installed: no look at known vulnerabilities (licences, sources and bans: tidy)";
    println!("{missing}");
    Ok(Outcome { note: Some(missing.to_owned()), ..Outcome::default() })
}
