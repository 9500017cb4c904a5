use std::time::Duration;

/// How long something took, many times.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    taken: Vec<Duration>,
}

impl Figures {
    pub(crate) fn add(&mut self, taken: Duration) {
        self.taken.push(taken);
    }

    /// The time that this share of them did not take longer than: 0.5 is the median.
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        let mut sorted = self.taken.clone();
        sorted.sort_unstable();
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a handful of figures"
        )]
        let at = (share * (sorted.len().saturating_sub(1)) as f64).round() as usize;
        sorted.get(at).copied().unwrap_or_default()
    }
}

/// The head of a table that compares.
#[expect(clippy::print_stdout, reason = "this is what the program is for")]
pub(crate) fn head(title: &str) {
    println!(
        "\n### {title}\n\n| | portal p50 | p95 | straight p50 | p95 | added p50 | ratio p50 |\n|---|---:|---:|---:|---:|---:|---:|"
    );
}

/// A line of it.
#[expect(clippy::print_stdout, reason = "this is what the program is for")]
pub(crate) fn line(name: &str, portal: &Figures, straight: &Figures) {
    let ms = |figures: &Figures, share| figures.quantile(share).as_secs_f64() * 1e3;
    let (ours, theirs) = (ms(portal, 0.5), ms(straight, 0.5));
    println!(
        "| {name} | {ours:.1} ms | {:.1} ms | {theirs:.1} ms | {:.1} ms | {:.1} ms | {:.1} |",
        ms(portal, 0.95),
        ms(straight, 0.95),
        ours - theirs,
        ours / theirs,
    );
}
