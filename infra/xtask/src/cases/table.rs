use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::{Case, WAITING};

/// Where the table is.
pub(crate) const FILE: &str = "docs/providers.md";

const BEGIN: &str = "<!-- The table of the cases is written by `cargo xtask cases`. -->\n";
const END: &str = "<!-- Here it ends. -->\n";

/// Puts the table of these results in the place of the old one.
pub(super) fn write(root: &Path, cases: &[Case], results: &BTreeMap<String, bool>) -> Result<()> {
    let path = root.join(FILE);
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {FILE}"))?;
    let (before, _, after) = parts(&text)?;
    let result = |case: &Case| if results.get(&case.name) == Some(&true) { "passed" } else { "**failed**" };
    let tested = cases.iter().map(|case| row(case) + &format!(" {} |", result(case)));
    let waiting = WAITING.iter().map(|(number, why)| format!("| {number:02} | {why} | | not built |"));
    let mut rows: Vec<String> = tested.chain(waiting).collect();
    rows.sort_by_key(|row| row[..4].to_owned());
    let table = format!("\n| | What has to hold | Test | Result |\n|---|---|---|---|\n{}\n\n", rows.join("\n"));
    std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).with_context(|| format!("cannot write {FILE}"))
}

/// The cases that the committed table does not have as the sources have them.
pub(crate) fn differences(root: &Path, cases: &[Case]) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(root.join(FILE)).with_context(|| format!("cannot read {FILE}"))?;
    let (_, table, _) = parts(&text)?;
    let missing = cases.iter().filter(|case| !table.contains(&row(case)));
    Ok(missing.map(|case| case.name.clone()).collect())
}

fn row(case: &Case) -> String {
    format!("| {:02} | {} | `{}` in `{}` |", case.number, case.words, case.name, case.file.display())
}

fn parts(text: &str) -> Result<(&str, &str, &str)> {
    let split = text
        .split_once(BEGIN)
        .and_then(|(before, rest)| rest.split_once(END).map(|(table, after)| (before, table, after)));
    split.with_context(|| format!("{FILE} has no place for the table: {BEGIN}… {END}"))
}
