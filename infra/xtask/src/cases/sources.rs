use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The test of a case.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Case {
    pub(crate) number: u8,
    /// As `case_01_utf8_split_at_every_byte`.
    pub(crate) name: String,
    /// Where it is, relative to the root.
    pub(crate) file: PathBuf,
    /// What has to hold, as the comment above the test says it.
    pub(crate) words: String,
}

/// The tests of cases in these files, by their numbers.
pub(crate) fn find(root: &Path, files: &[PathBuf]) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for file in files.iter().filter(|file| is_source(file)) {
        let text =
            std::fs::read_to_string(root.join(file)).with_context(|| format!("cannot read {}", file.display()))?;
        cases.extend(in_source(file, &text));
    }
    cases.sort_by(|one, other| (one.number, &one.file).cmp(&(other.number, &other.file)));
    Ok(cases)
}

fn is_source(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "rs" || extension == "ts" || extension == "tsx")
        && !file.starts_with("infra")
}

fn in_source(file: &Path, text: &str) -> Vec<Case> {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.iter().enumerate().filter_map(|(at, line)| {
        let line = line.trim_start();
        let begins = ["fn ", "async fn ", "it('", "test('"].iter().find_map(|begins| line.strip_prefix(begins))?;
        let name = name_in(begins).filter(|name| begins.starts_with(name))?;
        let number = name["case_".len().."case_".len() + 2].parse().ok()?;
        Some(Case { number, name: name.to_owned(), file: file.to_path_buf(), words: words_above(&lines[..at]) })
    });
    tests.collect()
}

/// The name of a case in a longer one.
pub(super) fn name_in(text: &str) -> Option<&str> {
    let at = text.find("case_")?;
    let rest = &text[at..];
    let end = rest.find(|char: char| !(char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_'));
    let name = &rest[..end.unwrap_or(rest.len())];
    let numbered = name.len() > 8 && name[5..7].bytes().all(|byte| byte.is_ascii_digit()) && name.as_bytes()[7] == b'_';
    numbered.then_some(name)
}

/// The comment that ends above a test, past its attributes.
fn words_above(lines: &[&str]) -> String {
    let mut words = Vec::new();
    for line in lines.iter().rev().map(|line| line.trim()) {
        if line.starts_with("#[") {
            continue;
        }
        let comment = ["///", "/**", "*/", "*", "//"].iter().find_map(|mark| line.strip_prefix(mark));
        let Some(comment) = comment else { break };
        words.push(comment.trim().trim_end_matches("*/").trim());
        if line.starts_with("/**") {
            break;
        }
    }
    words.reverse();
    words.join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_of_cases_are_found_with_their_words() {
        let rust = "/// One.\n/// Two.\n#[tokio::test]\nasync fn case_07_spaces() {\n}\nfn a_case_08_not() {}\nfn case_x() {}\n";
        let typescript = "  /** Gaps are seen. */\n  it('case_49_gaps', () => {\n";
        let found = [in_source(Path::new("a.rs"), rust), in_source(Path::new("b.ts"), typescript)].concat();
        let seen: Vec<_> = found.iter().map(|case| (case.number, case.name.as_str(), case.words.as_str())).collect();
        assert_eq!(seen, [(7, "case_07_spaces", "One. Two."), (49, "case_49_gaps", "Gaps are seen.")]);
        assert_eq!(name_in("cases::framing::case_07_spaces"), Some("case_07_spaces"));
    }
}
