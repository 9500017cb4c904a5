/// What a stage found.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Outcome {
    pub(super) passed: usize,
    pub(super) skipped: usize,
    /// The names of the tests that failed, and of the checks.
    pub(super) failed: Vec<String>,
    /// What should be known besides.
    pub(super) note: Option<String>,
    /// It did not run.
    pub(super) left_out: bool,
}

impl Outcome {
    /// Something failed that is no test.
    pub(super) fn broken(what: impl Into<String>) -> Self {
        Self { failed: vec![what.into()], ..Self::default() }
    }

    /// It was not run, and why.
    pub(super) fn left_out(note: String) -> Self {
        Self { note: Some(note), left_out: true, ..Self::default() }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.skipped += other.skipped;
        self.failed.extend(other.failed);
        self.note = self.note.take().or(other.note);
    }
}
