use std::time::Duration;

use domain::Sender;
use serde_json::Value;

/// What a model is asked.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Prompt {
    /// What is asked of every answer, the most general first.
    pub system: Vec<String>,
    /// What was said before the turns, condensed.
    pub summary: Option<String>,
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
    /// How freely words are picked; it is not sent to models that refuse it.
    pub temperature: Option<f32>,
    /// The shape that the answer is to have.
    pub shape: Option<Shape>,
    /// Whether little thinking is enough.
    pub brief: bool,
    /// How often it is tried.
    pub retry: Retry,
}

/// The shape of a structured answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Shape {
    /// Its name, for providers that want one.
    pub name: &'static str,
    /// A JSON Schema. What every provider takes is little: objects whose members are all required and that have no others, strings,
    /// enumerations, lists, numbers and booleans.
    pub json_schema: &'static str,
}

impl Shape {
    pub(crate) fn schema(self) -> Value {
        serde_json::from_str(self.json_schema).unwrap_or_default()
    }
}

/// How often an answer is tried before its first word. After it nothing is: a second answer would be another one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Retry {
    /// How often in total, with that of the fallback.
    pub attempts: u32,
    /// How long after the first attempt another one may begin.
    pub budget: Duration,
    /// The longest pause before the second attempt; it doubles from attempt to attempt.
    pub pause: Duration,
}

impl Retry {
    /// While a person waits.
    pub const INTERACTIVE: Self =
        Self { attempts: 3, budget: Duration::from_secs(20), pause: Duration::from_millis(500) };
    /// While nobody does.
    pub const BACKGROUND: Self = Self { budget: Duration::from_mins(1), ..Self::INTERACTIVE };
    /// Not at all.
    pub const ONCE: Self = Self { attempts: 1, ..Self::INTERACTIVE };
}

impl Default for Retry {
    fn default() -> Self {
        Self::INTERACTIVE
    }
}
