use domain::{FinishReason, Usage};

/// What an answer is made of, the same for every provider.
///
/// `Trimmed` comes first if at all, `Usage` at most once and near the end. `Finished` is the last event of a whole answer: a stream
/// that ends otherwise ends in an error. No text holds the character U+0000.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// Older turns did not fit into the model's context and were left out.
    Trimmed,
    /// More of the answer.
    Text(String),
    /// More of what the model thinks before it answers.
    Thinking(String),
    /// What the answer used.
    Usage(Usage),
    /// The answer is whole.
    Finished(FinishReason),
}
