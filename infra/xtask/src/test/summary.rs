use super::outcome::Outcome;
use super::stage::Stage;

/// What all stages found.
#[derive(Debug, Default)]
pub(super) struct Summary {
    stages: Vec<(Stage, f64, Outcome)>,
    interrupted: bool,
}

impl Summary {
    pub(super) fn add(&mut self, stage: Stage, seconds: f64, outcome: Outcome) {
        self.stages.push((stage, seconds, outcome));
    }

    pub(super) fn interrupt(&mut self, during: Stage) {
        self.interrupted = true;
        self.add(during, 0.0, Outcome::left_out("interrupted".to_owned()));
    }

    /// Whether a stage failed, or was left out because another did.
    pub(super) fn failed(&self, stage: Stage) -> bool {
        self.stages.iter().any(|(ran, _, outcome)| *ran == stage && (outcome.left_out || !outcome.failed.is_empty()))
    }

    pub(super) fn is_green(&self) -> bool {
        !self.interrupted && self.stages.iter().all(|(stage, ..)| !self.failed(*stage))
    }

    /// The seconds of each stage, the names of what failed, and the sums.
    pub(super) fn text(&self) -> String {
        let mut lines = vec![String::new(), format!("{:<16}{:>9}{:>9}{:>9}", "stage", "seconds", "passed", "failed")];
        for (stage, seconds, outcome) in &self.stages {
            let count = |count: usize| if count == 0 { String::new() } else { count.to_string() };
            let (passed, failed) = (count(outcome.passed), count(outcome.failed.len()));
            let seconds = if outcome.left_out { String::new() } else { format!("{seconds:.1}") };
            let skipped = (outcome.skipped > 0).then(|| format!("{} skipped", outcome.skipped));
            let notes: Vec<_> = skipped.iter().chain(&outcome.note).map(String::as_str).collect();
            let line = format!("{:<16}{seconds:>9}{passed:>9}{failed:>9}  {}", stage.name(), notes.join(", "));
            lines.push(line.trim_end().to_owned());
        }
        let total: f64 = self.stages.iter().map(|(_, seconds, _)| seconds).sum();
        lines.push(format!("{:<16}{total:>9.1}", "all"));
        lines.push(String::new());
        for (stage, _, outcome) in &self.stages {
            lines.extend(outcome.failed.iter().map(|name| format!("failed: {name} ({})", stage.name())));
        }
        let passed: usize = self.stages.iter().map(|(.., outcome)| outcome.passed).sum();
        let failed: usize = self.stages.iter().map(|(.., outcome)| outcome.failed.len()).sum();
        lines.push(format!("{passed} passed, {failed} failed\n"));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_failures_come_last() {
        let mut summary = Summary::default();
        summary.add(Stage::Format, 0.51, Outcome::default());
        summary.add(Stage::Build, 20.0, Outcome { passed: 0, ..Outcome::default() });
        assert!(summary.is_green());
        summary.add(
            Stage::Tests,
            4.0,
            Outcome { passed: 40, skipped: 1, failed: vec!["store::prompts::twice".to_owned()], ..Outcome::default() },
        );
        summary.add(Stage::Lint, 1.0, Outcome::broken("lint"));
        let text = summary.text();
        assert!(!summary.is_green());
        assert!(text.contains("\ntests                 4.0       40        1  1 skipped\n"), "{text}");
        assert!(text.contains("\nall                  25.5\n"), "{text}");
        assert!(
            text.ends_with("\nfailed: store::prompts::twice (tests)\nfailed: lint (lint)\n40 passed, 2 failed\n"),
            "{text}"
        );
    }

    #[test]
    fn what_was_left_out_is_not_green() {
        let mut summary = Summary::default();
        summary.add(Stage::Tests, 0.0, Outcome::left_out("left out: build failed".to_owned()));
        assert!(summary.failed(Stage::Tests) && !summary.is_green());
        assert!(summary.text().contains("left out: build failed"));
    }
}
