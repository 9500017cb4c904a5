use std::path::Path;

use anyhow::{Context as _, Result};
use roxmltree::{Document, Node};

use super::outcome::Outcome;

/// Counts the tests of a JUnit report; each of our test runners writes one.
pub(super) fn read(report: &Path) -> Result<Outcome> {
    let text = std::fs::read_to_string(report).with_context(|| format!("there is no report {}", report.display()))?;
    parse(&text).with_context(|| format!("{} is no JUnit report", report.display()))
}

fn parse(text: &str) -> Result<Outcome> {
    let document = Document::parse(text)?;
    let mut outcome = Outcome::default();
    for case in document.descendants().filter(|node| node.has_tag_name("testcase")) {
        let has = |name: &str| case.children().any(|child| child.has_tag_name(name));
        if has("failure") || has("error") {
            outcome.failed.push(name(&case));
        } else if has("skipped") {
            outcome.skipped += 1;
        } else {
            outcome.passed += 1;
        }
    }
    Ok(outcome)
}

/// Where the test is and what it is called.
fn name(case: &Node<'_, '_>) -> String {
    let attribute = |name| case.attribute(name).unwrap_or_default();
    // Node's runner says `test` for every test.
    let place = Some(attribute("classname")).filter(|place| !place.is_empty() && *place != "test");
    place.into_iter().chain([attribute("name")]).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(outcome: &Outcome) -> Vec<&str> {
        outcome.failed.iter().map(String::as_str).collect()
    }

    #[test]
    fn a_report_of_nextest_is_counted() {
        let outcome = parse(
            r#"<?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="nextest-run" tests="3" failures="1" errors="0">
              <testsuite name="store::store" tests="2" disabled="0" errors="0" failures="1">
                <testcase name="prompts::twice" classname="store::store" time="0.1"/>
                <testcase name="prompts::at_once" classname="store::store" time="0.1">
                  <failure type="test failure">thread panicked: 1 &lt; 2</failure><system-err>x</system-err>
                </testcase>
              </testsuite>
              <testsuite name="domain" tests="1"><testcase name="text::tests::long" classname="domain"/></testsuite>
            </testsuites>"#,
        )
        .expect("a report");
        assert_eq!((outcome.passed, outcome.skipped), (2, 0));
        assert_eq!(names(&outcome), ["store::store prompts::at_once"]);
    }

    #[test]
    fn reports_of_pytest_and_node_are_counted() {
        let pytest = parse(
            r#"<testsuites><testsuite name="pytest" errors="1" skipped="1" tests="3">
              <testcase classname="tests.test_frames" name="test_a"/>
              <testcase classname="tests.test_frames" name="test_b"><skipped type="pytest.skip"/></testcase>
              <testcase classname="tests.test_frames" name="test_c"><error message="failed on setup"/></testcase>
            </testsuite></testsuites>"#,
        )
        .expect("a report");
        assert_eq!((pytest.passed, pytest.skipped), (1, 1));
        assert_eq!(names(&pytest), ["tests.test_frames test_c"]);
        let node = parse(
            r#"<testsuites><testsuite name="pages"><testcase name="index" classname="test"/>
              <testsuite name="deeper"><testcase name="asset" classname="test" failure="x"><failure type="testCodeFailure"/></testcase></testsuite>
            </testsuite><testcase name="alone" classname="test"/></testsuites>"#,
        )
        .expect("a report");
        assert_eq!((node.passed, names(&node)), (2, vec!["asset"]));
    }

    #[test]
    fn half_a_report_is_none() {
        assert!(parse("<testsuites><testsuite>").is_err());
    }
}
