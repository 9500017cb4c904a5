use domain::Message;
use llm::{Prompt, Turn};
use store::ClaimedAnswer;

/// What the model is asked: what the person wants of every answer, what this conversation does, and what was said.
pub(super) fn prompt(claimed: ClaimedAnswer) -> Prompt {
    let system = [claimed.person_instructions, claimed.conversation.instructions].into_iter().flatten().collect();
    // An answer that failed before its first word says nothing.
    let said = claimed.history.into_iter().filter(|message| !message.content.is_empty());
    Prompt { system, turns: said.map(|Message { sender, content, .. }| Turn { sender, content }).collect() }
}
