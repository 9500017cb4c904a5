//! What is done once an answer has ended and everybody knows: nobody waits for it, and nothing of it can fail the answer.

use domain::{AnswerState, Fault, MessageStatus, Title, TitleBy};
use llm::{Chosen, LlmError, Models};
use realtime::Announcer;
use store::{Claim, HistorySummary, Store};

use super::question::Question;

/// An answer that was written.
pub(super) struct Afterwards<'a> {
    pub(super) store: &'a Store,
    pub(super) models: &'a Models,
    pub(super) announcer: &'a Announcer,
    pub(super) claim: Claim,
    /// What was asked.
    pub(super) question: Question,
    /// The conversation's title while it was written, and who chose it.
    pub(super) title: Option<String>,
    pub(super) title_by: TitleBy,
}

/// Why something was not done; it is tried again after the next answer, or never missed.
#[derive(Debug)]
enum Undone {
    Model(LlmError),
    Store(Fault),
}

impl Afterwards<'_> {
    /// Names the conversation and condenses its older part, where that is due.
    pub(super) async fn run(mut self, answer: &AnswerState) {
        let Some(model) = answer.model.as_deref().filter(|_| answer.status == MessageStatus::Complete) else { return };
        let Ok(chosen) = self.models.choose(Some(model)).await else { return };
        if chosen.is_offline() {
            return;
        }
        if let Err(undone) = self.name(&chosen, answer).await {
            undone.log("the conversation keeps the beginning of its prompt as its title");
        }
        if let Err(undone) = self.condense(&chosen).await {
            undone.log("the older messages are not condensed yet");
        }
    }

    /// Gives the conversation a title, if the one that it has is only the beginning of this prompt.
    async fn name(&self, chosen: &Chosen, answer: &AnswerState) -> Result<(), Undone> {
        let (Some(title), Some(prompt)) = (self.title.as_deref(), self.question.prompt.turns.last()) else {
            return Ok(());
        };
        if self.title_by != TitleBy::Model || !Title::is_from_prompt(title, &prompt.content) {
            return Ok(());
        }
        let written = self.store.message(self.claim.owner, answer.id).await.map_err(Undone::Store)?;
        let named = self.models.title(chosen, &prompt.content, &written.content).await.map_err(Undone::Model)?;
        let Ok(new) = Title::parse("title", &named.value) else { return Ok(()) };
        let Claim { owner, conversation_id, .. } = self.claim;
        let cost = named.cost_micros;
        let stored =
            self.store.name_conversation(owner, conversation_id, &new, title, cost).await.map_err(Undone::Store)?;
        if let Some(conversation) = stored {
            self.announcer.conversation_changed(owner, &conversation).await;
        }
        Ok(())
    }

    /// Condenses the older half of what the model was asked, if the whole of it nearly fills the model's context.
    async fn condense(&mut self, chosen: &Chosen) -> Result<(), Undone> {
        let prompt = &self.question.prompt;
        let Some(count) = self.models.to_condense(chosen, prompt) else { return Ok(()) };
        let Some(through) = self.question.messages.get(count - 1).copied() else { return Ok(()) };
        let turns = &prompt.turns[..count];
        let condensed = self.models.condense(chosen, prompt.summary.as_deref(), turns).await.map_err(Undone::Model)?;
        let summary = HistorySummary { text: condensed.value, through };
        let by = format!("{}, prompt {}", chosen.id(), llm::CONDENSING_VERSION);
        let Claim { owner, conversation_id, .. } = self.claim;
        let cost = condensed.cost_micros;
        self.store.save_history_summary(owner, conversation_id, &summary, &by, cost).await.map_err(Undone::Store)?;
        Ok(())
    }
}

impl Undone {
    fn log(&self, what: &str) {
        match self {
            Self::Model(error) => tracing::warn!(error = error as &dyn std::error::Error, "{what}"),
            Self::Store(fault) => tracing::warn!(error = fault as &dyn std::error::Error, "{what}"),
        }
    }
}
