//! The numbered cases of bad streams and bad deliveries: which test is which, and the table of them in `docs/providers.md`.

mod sources;
mod table;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use roxmltree::Document;

pub(crate) use self::sources::{Case, find};
pub(crate) use self::table::{FILE, differences};

use crate::test::{nextest_of_cases, nextest_report, pages_of_cases, pages_report};
use crate::throwaway::{Servers, status};
use crate::workspace::root;

/// How many there are.
pub(crate) const LAST: u8 = 55;

/// Numbers without a test, and why. It may only become shorter.
pub(crate) const WAITING: [(u8, &str); 1] = [(51, "An answer cannot be stopped yet.")];

/// Runs the tests of the cases and writes what came of them into the table.
pub(crate) async fn run() -> Result<ExitCode> {
    let servers = Servers::start().await?;
    let mut tests = nextest_of_cases()?;
    servers.tell(&mut tests);
    let rust = status(&mut tests).await;
    servers.stop().await;
    let pages = status(&mut pages_of_cases()).await?;

    let mut results = results(&nextest_report())?;
    results.extend(self::results(&pages_report())?);
    let cases = find(&root(), &crate::tidy::files(root())?)?;
    let missing: Vec<_> =
        cases.iter().filter(|case| !results.contains_key(&case.name)).map(|case| case.name.as_str()).collect();
    if !missing.is_empty() {
        bail!("these cases did not run: {}", missing.join(", "));
    }
    table::write(&root(), &cases, &results)?;
    println!("{} cases ran; the table in {FILE} is renewed.", cases.len());
    Ok(if rust? == ExitCode::SUCCESS && pages == ExitCode::SUCCESS { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether each case of a JUnit report passed, by its name.
fn results(report: &Path) -> Result<BTreeMap<String, bool>> {
    let text = std::fs::read_to_string(report).with_context(|| format!("there is no report {}", report.display()))?;
    let document = Document::parse(&text).with_context(|| format!("{} is no JUnit report", report.display()))?;
    let mut results = BTreeMap::new();
    for test in document.descendants().filter(|node| node.has_tag_name("testcase")) {
        let Some(name) = test.attribute("name").and_then(sources::name_in) else { continue };
        let failed = test.children().any(|child| child.has_tag_name("failure") || child.has_tag_name("error"));
        let skipped = test.children().any(|child| child.has_tag_name("skipped"));
        if !skipped {
            results.insert(name.to_owned(), !failed);
        }
    }
    Ok(results)
}
