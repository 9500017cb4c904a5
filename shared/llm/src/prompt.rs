use domain::Sender;

/// What a model is asked.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Prompt {
    /// What is asked of every answer, the most general first.
    pub system: Vec<String>,
    /// What was said, oldest first; the last turn is the person's.
    pub turns: Vec<Turn>,
}

/// One thing that was said.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Turn {
    /// By whom.
    pub sender: Sender,
    /// What.
    pub content: String,
}

/// What may be asked of an answer beyond its prompt. By default nothing is, because models refuse what they do not know.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AnswerOptions {
    /// The most that may be written, thinking included.
    pub max_output_tokens: Option<u32>,
    /// How freely words are picked; reasoning models refuse it.
    pub temperature: Option<f32>,
}
