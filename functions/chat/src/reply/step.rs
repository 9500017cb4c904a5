use domain::Problem;
use futures::{Stream, StreamExt as _, future, stream};
use llm::{Event, LlmError, Models};
use store::ClaimedAnswer;

use super::question::prompt;

/// What happens while an answer is written.
#[derive(Debug)]
pub(super) enum Step {
    /// A model was chosen, and is asked.
    Asked {
        /// The provider's part of `model`.
        provider: String,
        /// As `provider/model`.
        model: String,
    },
    /// The model gave something.
    Event(Event),
}

/// Why there is no answer, or no whole one.
#[derive(Debug)]
pub(super) struct Failure {
    /// What the person is told.
    pub(super) problem: Box<Problem>,
    /// Whether the answer broke off after some of its text.
    pub(super) cut: bool,
}

/// Chooses a model and asks it. Nothing begins before the stream is polled, and dropping it ends the request to the provider.
pub(super) fn steps(models: &Models, claimed: ClaimedAnswer) -> impl Stream<Item = Result<Step, Failure>> + Send {
    let wanted = claimed.reply.model.clone().or_else(|| claimed.conversation.model.clone());
    let chosen = async move {
        match models.choose(wanted.as_deref()).await {
            Ok(chosen) => {
                let asked = Step::Asked { provider: chosen.provider().to_owned(), model: chosen.id().to_owned() };
                let events = models.answer(&chosen, prompt(claimed)).map(|event| match event {
                    Ok(event) => Ok(Step::Event(event)),
                    Err(error) => Err(Failure::from(&error)),
                });
                stream::once(future::ready(Ok(asked))).chain(events).boxed()
            }
            Err(error) => stream::once(future::ready(Err(Failure::from(&error)))).boxed(),
        }
    };
    stream::once(chosen).flatten()
}

impl From<&LlmError> for Failure {
    fn from(error: &LlmError) -> Self {
        // A provider's failure ends here, as the person's: nobody of ours has to look at each.
        tracing::warn!(
            error = error as &dyn std::error::Error,
            provider.request_id = error.provider_request_id,
            "the model did not answer"
        );
        Self { problem: Box::new(error.problem()), cut: error.is_cut() }
    }
}
