use domain::MessageId;
use llm::{Prompt, Turn};
use store::ClaimedAnswer;

/// What the model is asked, and which messages that is made of.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) prompt: Prompt,
    /// The message of each turn.
    pub(super) messages: Vec<MessageId>,
}

impl Question {
    /// What the portal and the person want of every answer, what this conversation does, and what was said: its older part condensed,
    /// where that was done and is on this branch.
    pub(super) fn new(claimed: &ClaimedAnswer, portal: Option<&str>) -> Self {
        let person = claimed.person_instructions.as_deref();
        let conversation = claimed.conversation.instructions.as_deref();
        let system = [portal, person, conversation].into_iter().flatten().map(str::to_owned).collect();
        let condensed = claimed.summary.as_ref().and_then(|summary| {
            let at = claimed.history.iter().position(|message| message.id == summary.through)?;
            // The prompt itself is never in it.
            (at + 1 < claimed.history.len()).then(|| (summary.text.clone(), at + 1))
        });
        let (summary, from) = condensed.map_or((None, 0), |(text, from)| (Some(text), from));
        // An answer that failed before its first word says nothing.
        let said = claimed.history[from..].iter().filter(|message| !message.content.is_empty());
        let (messages, turns) =
            said.map(|message| (message.id, Turn { sender: message.sender, content: message.content.clone() })).unzip();
        Self { prompt: Prompt { system, summary, turns }, messages }
    }
}
