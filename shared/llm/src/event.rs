use domain::{FinishReason, Usage};

/// What an answer is made of, the same for every provider.
///
/// What is told about the answer (`Trimmed`, `Retrying`, `FellBack`) comes before its first word, `Usage` at most once and near the
/// end. `Finished` is the last event of a whole answer: a stream that ends otherwise ends in an error. No text holds the character
/// U+0000.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// Older turns did not fit into the model's context and were left out.
    Trimmed,
    /// The provider did not answer and is asked again.
    Retrying,
    /// The operator's fallback is asked in the model's place.
    FellBack {
        /// The model that did not answer, as `provider/model`.
        from: String,
        /// The one that is asked now.
        to: String,
    },
    /// More of the answer.
    Text(String),
    /// More of what the model thinks before it answers.
    Thinking(String),
    /// What the answer used.
    Usage(Usage),
    /// The answer is whole.
    Finished(FinishReason),
}
