//! What fits into a model's context.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::Sender;

use crate::{Capabilities, Prompt, Turn};

/// Tokens that a turn costs beside its text: the role and the marks around it.
const TURN_OVERHEAD: u64 = 4;
/// What stands between the two ends of a message that is too long.
const CUT: &str = "\n\n[… the middle of this message was left out: it is too long for the model …]\n\n";
/// The most that corrections of our estimates are believed, in percent.
const CORRECTIONS: std::ops::RangeInclusive<u64> = 75..=300;

/// Estimates the tokens of a text, rather too many than too few: 3.5 ASCII characters a token, two of three for a letter of
/// another alphabet, and more than one for a character of Chinese, Japanese or Korean.
pub fn estimate_tokens(text: &str) -> u64 {
    let (mut ascii, mut wide, mut others) = (0_u64, 0_u64, 0_u64);
    for char in text.chars() {
        match char {
            '\0'..='\x7f' => ascii += 1,
            '\u{80}'..='\u{7ff}' => others += 1,
            _ => wide += 1,
        }
    }
    (ascii * 2).div_ceil(7) + (others * 7).div_ceil(10) + (wide * 13).div_ceil(10)
}

/// Estimates the tokens of a whole prompt.
pub fn estimate_prompt(prompt: &Prompt) -> u64 {
    system_cost(prompt) + prompt.turns.iter().map(cost).sum::<u64>()
}

/// How many tokens of ours a prompt may have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Budget(u64);

impl Budget {
    /// What a model reads, less the room for its answer and a little for what is estimated wrong. `correction` is how many tokens
    /// the model counts for a hundred of ours.
    pub(crate) fn of(can: &Capabilities, correction: u64) -> Self {
        let context = u64::from(can.context_tokens);
        // A quarter, as long as that is not more than a long answer with its thinking takes.
        let answer = (context / 4).min(16_384);
        Self((context - answer) * 95 / correction.max(1))
    }

    pub(crate) const fn tokens(self) -> u64 {
        self.0
    }

    /// The same, smaller: the model takes less than was believed.
    pub(crate) const fn smaller(self) -> Self {
        Self(self.0 * 6 / 10)
    }

    /// How many of the oldest turns are worth condensing: about half, once the turns fill more than 70 % of what there is. None
    /// leaves a question without its answer.
    pub(crate) fn to_condense(self, prompt: &Prompt) -> Option<usize> {
        let room = self.0.saturating_sub(system_cost(prompt));
        let total: u64 = prompt.turns.iter().map(cost).sum();
        if total * 10 <= room * 7 {
            return None;
        }
        let mut passed = 0;
        let mut at = 0;
        for (index, turn) in prompt.turns.iter().enumerate() {
            passed += cost(turn);
            if passed * 2 > total {
                break;
            }
            if turn.sender == Sender::Assistant {
                at = index + 1;
            }
        }
        (at > 0).then_some(at)
    }
}

/// Leaves out the oldest turns until the prompt fits. What is asked of every answer, the summary and the last turn always stay;
/// of a last turn that is too long both ends stay. `true` says that something was left out.
pub(crate) fn fit(prompt: &mut Prompt, budget: Budget) -> bool {
    let mut left = budget.0.saturating_sub(system_cost(prompt));
    let Some(last) = prompt.turns.last_mut() else { return false };
    let mut trimmed = false;
    if cost(last) > left {
        let kept = shorten(&last.content, left.saturating_sub(TURN_OVERHEAD + estimate_tokens(CUT)));
        trimmed = kept != last.content;
        last.content = kept;
    }
    let mut kept = 0;
    for turn in prompt.turns.iter().rev() {
        let cost = cost(turn);
        if cost > left && kept > 0 {
            break;
        }
        left = left.saturating_sub(cost);
        kept += 1;
    }
    let mut first = prompt.turns.len() - kept;
    if first == 0 {
        return trimmed;
    }
    // An answer without its question says little, and the chat templates of some models refuse to begin with one.
    while first + 1 < prompt.turns.len() && prompt.turns[first].sender == Sender::Assistant {
        first += 1;
    }
    prompt.turns.drain(..first);
    true
}

/// The beginning and the end of a text, in this many tokens.
fn shorten(text: &str, tokens: u64) -> String {
    // Something has to be asked, whatever is believed of the model.
    let tokens = tokens.max(64);
    let half = |chars: &mut dyn Iterator<Item = char>| {
        let (mut passed, mut bytes) = (0, 0);
        let mut buffer = [0; 4];
        for char in chars {
            // In hundredths of a token.
            passed += if char.is_ascii() { 29 } else { 130 };
            if passed > tokens * 50 {
                break;
            }
            bytes += char.encode_utf8(&mut buffer).len();
        }
        bytes
    };
    let (head, tail) = (half(&mut text.chars()), half(&mut text.chars().rev()));
    if head + tail >= text.len() {
        return text.to_owned();
    }
    format!("{}{CUT}{}", &text[..head], &text[text.len() - tail..])
}

fn system_cost(prompt: &Prompt) -> u64 {
    let texts = prompt.system.iter().chain(&prompt.summary);
    texts.map(|text| estimate_tokens(text) + TURN_OVERHEAD).sum()
}

fn cost(turn: &Turn) -> u64 {
    estimate_tokens(&turn.content) + TURN_OVERHEAD
}

/// How far our estimates are from what models count, learned from what they say they read. Models count alike from one
/// conversation to the next.
#[derive(Debug, Default)]
pub(crate) struct Corrections {
    /// In percent, by the model's id.
    by_model: Mutex<HashMap<String, u64>>,
}

impl Corrections {
    /// How many tokens the model counts for a hundred of ours.
    pub(crate) fn of(&self, model: &str, can: &Capabilities) -> u64 {
        let by_model = self.by_model.lock().unwrap_or_else(PoisonError::into_inner);
        by_model.get(model).copied().unwrap_or_else(|| can.density.into())
    }

    /// Takes in what a model said it read, where we had estimated so much.
    pub(crate) fn learn(&self, model: &str, estimated: u64, counted: u64) {
        // A short prompt says more about what a provider adds to it than about its text.
        if estimated < 200 || counted == 0 {
            return;
        }
        let ratio = (counted * 100 / estimated).clamp(*CORRECTIONS.start(), *CORRECTIONS.end());
        let mut by_model = self.by_model.lock().unwrap_or_else(PoisonError::into_inner);
        by_model.entry(model.to_owned()).and_modify(|known| *known = (*known * 7 + ratio * 3) / 10).or_insert(ratio);
    }
}

#[cfg(test)]
mod tests;
