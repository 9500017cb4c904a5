//! `cargo xtask tidy`: the rules of the project's shape, so that nobody has to remember them. One rule a file.

mod cases;
mod crate_documentation;
mod imports;
mod length;
mod licences;
mod manifests;
mod native;
mod project;
mod template;

use std::process::ExitCode;

use anyhow::Result;

use project::Project;

/// What is wrong, where, and what to do about it: a sentence each.
type Findings = Vec<String>;

type Rule = fn(&Project) -> Result<Findings>;

const RULES: [(&str, Rule); 8] = [
    ("crates import only whom they may", |project| Ok(imports::check(project))),
    ("native libraries are only where they belong", native::check),
    ("licences and sources of packages are fine", |project| Ok(licences::check(project))),
    ("versions and lints are named once", manifests::check),
    ("the template and the binaries agree", template::check),
    ("files are short", length::check),
    ("crates say what they are for", crate_documentation::check),
    ("every numbered case has a test", cases::check),
];

/// All files that somebody wrote here, relative to the root.
pub(crate) fn files(root: std::path::PathBuf) -> Result<Vec<std::path::PathBuf>> {
    Project::read(root)?.files()
}

/// Checks all rules and prints what is against them.
pub(crate) fn run() -> Result<ExitCode> {
    let project = Project::read(crate::workspace::root())?;
    let mut found = 0;
    for (rule, check) in RULES {
        let findings = check(&project)?;
        println!("  {} {rule}", if findings.is_empty() { '✓' } else { '✗' });
        for finding in &findings {
            println!("      {finding}");
        }
        found += findings.len();
    }
    if found == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    println!("\n{found} to put in order.");
    Ok(ExitCode::FAILURE)
}
