use anyhow::Result;

use super::Findings;
use super::project::Project;
use crate::cases::{Case, FILE, LAST, WAITING, differences, find};

/// Every numbered case has a test that says in words what has to hold, and the table of them is up to date.
pub(super) fn check(project: &Project) -> Result<Findings> {
    let cases = find(&project.root, &project.files()?)?;
    let mut findings = judge(&cases);
    for name in differences(&project.root, &cases)? {
        findings.push(format!("{name} is not in the table of {FILE} as it is in its source: run `cargo xtask cases`."));
    }
    Ok(findings)
}

fn judge(cases: &[Case]) -> Findings {
    let mut findings = Findings::new();
    for number in 1..=LAST {
        let (tested, waits) =
            (cases.iter().any(|case| case.number == number), WAITING.iter().any(|(waits, _)| *waits == number));
        match (tested, waits) {
            (false, false) => {
                findings.push(format!("case {number:02} has no test: write one named case_{number:02}_…."));
            }
            (true, true) => {
                findings.push(format!("case {number:02} has a test: take it off the list of those that wait."));
            }
            _ => {}
        }
    }
    for case in cases {
        let (name, file) = (&case.name, case.file.display());
        if !(1..=LAST).contains(&case.number) {
            findings.push(format!("{file}: {name} is a number that there is not; the last is {LAST}."));
        }
        if case.words.is_empty() {
            findings.push(format!("{file}: {name} does not say in words what has to hold: put it above the test."));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(number: u8, words: &str) -> Case {
        Case { number, name: format!("case_{number:02}_x"), file: "a.rs".into(), words: words.to_owned() }
    }

    #[test]
    fn a_number_without_a_test_and_a_test_without_words_are_found() {
        let waits = |number| WAITING.iter().any(|(waiting, _)| *waiting == number);
        let all: Vec<_> = (1..=LAST).filter(|number| !waits(*number)).map(|number| case(number, "It holds.")).collect();
        assert!(judge(&all).is_empty());
        let without: Vec<_> = all.iter().filter(|case| case.number != 7).cloned().collect();
        assert!(judge(&without)[0].starts_with("case 07 has no test"));
        assert!(judge(&[all.clone(), vec![case(7, "")]].concat())[0].contains("does not say in words"));
        assert!(judge(&[all, vec![case(56, "x")]].concat())[0].contains("a number that there is not"));
    }
}
