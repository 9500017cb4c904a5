use domain::Usage;
use llm::{Models, Prompt, estimate_prompt, estimate_tokens};

/// What an answer has used so far, as we estimate it: a provider says the numbers at the end of its answer, and one that is stopped
/// has no end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meter<'a> {
    models: &'a Models,
    input_tokens: u64,
    output_tokens: u64,
}

impl<'a> Meter<'a> {
    pub(super) fn new(models: &'a Models, prompt: &Prompt) -> Self {
        Self { models, input_tokens: estimate_prompt(prompt), output_tokens: 0 }
    }

    /// Counts text that the model wrote.
    pub(super) fn count(&mut self, text: &str) {
        self.output_tokens += estimate_tokens(text);
    }

    /// What was used, and what that costs if this model's price is known; nothing where the model has written nothing.
    pub(super) fn read(&self, model: Option<&str>) -> (Option<Usage>, Option<i64>) {
        if self.output_tokens == 0 {
            return (None, None);
        }
        let (input_tokens, output_tokens) = (self.input_tokens, self.output_tokens);
        let usage = Usage { input_tokens, output_tokens, estimated: true, ..Usage::default() };
        (Some(usage), model.and_then(|model| self.models.cost_micros(model, &usage)))
    }
}
