use domain::Problem;
use futures::{Stream, StreamExt as _, future, stream};
use llm::{Event, LlmError, LlmErrorKind, Models, Prompt};

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
    /// What it cost so far, in millionths of a dollar.
    Cost(i64),
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
/// `request_id` names this invocation in the logs, and so in what the person is told of a failure.
pub(super) fn steps(
    models: &Models,
    wanted: Option<String>,
    prompt: Prompt,
    request_id: String,
) -> impl Stream<Item = Result<Step, Failure>> + Send {
    let chosen = async move {
        match models.choose(wanted.as_deref()).await {
            Ok(chosen) => {
                let asked = Step::Asked { provider: chosen.provider().to_owned(), model: chosen.id().to_owned() };
                let mut model = chosen.id().to_owned();
                let events = models.answer(&chosen, prompt).flat_map(move |event| {
                    let (step, cost) = match event {
                        Ok(event) => {
                            if let Event::FellBack { to, .. } = &event {
                                model.clone_from(to);
                            }
                            let cost =
                                if let Event::Usage(usage) = &event { models.cost_micros(&model, usage) } else { None };
                            (Ok(Step::Event(event)), cost)
                        }
                        Err(error) => (Err(Failure::new(&error, &request_id)), None),
                    };
                    // The price first: an answer ends with its last event.
                    stream::iter(cost.map(|cost| Ok(Step::Cost(cost))).into_iter().chain([step]))
                });
                stream::once(future::ready(Ok(asked))).chain(events).boxed()
            }
            Err(error) => stream::once(future::ready(Err(Failure::new(&error, &request_id)))).boxed(),
        }
    };
    stream::once(chosen).flatten()
}

impl Failure {
    fn new(error: &LlmError, request_id: &str) -> Self {
        // A provider's failure ends here, as the person's: nobody of ours has to look at each.
        tracing::warn!(
            error = error as &dyn std::error::Error,
            provider.request_id = error.provider_request_id,
            "the model did not answer"
        );
        if let (LlmErrorKind::BadKey, Some(provider)) = (error.kind, error.provider) {
            runtime::count("BadKey", &[("Provider", provider.id())]);
        }
        Self { problem: Box::new(error.problem().with_request_id(request_id)), cut: error.is_cut() }
    }
}
