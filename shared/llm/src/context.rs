use domain::Sender;

use crate::{Prompt, Turn};

/// Tokens that a turn costs beside its text: the role and the marks around it.
const TURN_OVERHEAD: u64 = 4;

/// Estimates the tokens of a text, rather too many than too few: 3.5 ASCII characters a token, one token for every other one.
pub(crate) fn estimate_tokens(text: &str) -> u64 {
    let ascii = text.bytes().filter(u8::is_ascii).count() as u64;
    let others = text.chars().filter(|char| !char.is_ascii()).count() as u64;
    (ascii * 2).div_ceil(7) + others
}

/// Estimates the tokens of a whole prompt.
pub(crate) fn estimate_prompt(prompt: &Prompt) -> u64 {
    let system: u64 = prompt.system.iter().map(|text| estimate_tokens(text) + TURN_OVERHEAD).sum();
    system + prompt.turns.iter().map(cost).sum::<u64>()
}

/// Leaves out the oldest turns until the prompt fits into a context, room for the answer included. What is asked of every
/// answer and the last turn always stay. `true` says that something was left out.
pub(crate) fn fit(prompt: &mut Prompt, context_tokens: u32) -> bool {
    let context = u64::from(context_tokens);
    let room = context - answer_room(context);
    let system: u64 = prompt.system.iter().map(|text| estimate_tokens(text) + TURN_OVERHEAD).sum();
    let mut left = room.saturating_sub(system);
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
        return false;
    }
    // An answer without its question says little, and the chat templates of some models refuse to begin with one.
    while first + 1 < prompt.turns.len() && prompt.turns[first].sender == Sender::Assistant {
        first += 1;
    }
    prompt.turns.drain(..first);
    true
}

/// What is kept free for the answer: a quarter, as long as that is not more than a long answer with its thinking takes.
fn answer_room(context: u64) -> u64 {
    (context / 4).min(16_384)
}

fn cost(turn: &Turn) -> u64 {
    estimate_tokens(&turn.content) + TURN_OVERHEAD
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn turn(sender: Sender, content: impl Into<String>) -> Turn {
        Turn { sender, content: content.into() }
    }

    fn conversation(turns: usize, length: usize) -> Prompt {
        let turns = (0..turns).map(|at| {
            let sender = if at % 2 == 0 { Sender::User } else { Sender::Assistant };
            turn(sender, format!("{at:>length$}"))
        });
        Prompt { system: vec!["Be brief.".to_owned()], turns: turns.collect() }
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let mut prompt = conversation(5, 10);
        let before = prompt.clone();
        assert!(!fit(&mut prompt, 4_096));
        assert_eq!(prompt, before);
    }

    #[test]
    fn the_oldest_turns_go_first_and_a_question_stays_first() {
        let mut prompt = conversation(101, 350);
        assert!(fit(&mut prompt, 4_096));
        assert_eq!(prompt.turns[0].sender, Sender::User);
        assert_eq!(prompt.turns.last().map(|turn| turn.content.trim().to_owned()), Some("100".to_owned()));
        assert!(estimate_prompt(&prompt) <= 3_072);
        assert!(prompt.turns.len() > 20, "{} turns", prompt.turns.len());
    }

    #[test]
    fn the_last_turn_stays_even_when_it_does_not_fit() {
        let mut prompt = conversation(3, 50_000);
        assert!(fit(&mut prompt, 4_096));
        assert_eq!(prompt.turns.len(), 1);
        assert_eq!(prompt.system.len(), 1);
        assert!(!fit(&mut prompt, 4_096), "nothing is left to leave out");
    }

    #[test]
    fn a_character_of_another_script_counts_more_than_one_of_ascii() {
        assert_eq!(estimate_tokens(""), 0);
        assert_eq!(estimate_tokens("seven c"), 2);
        assert_eq!(estimate_tokens("日本語"), 3);
    }

    proptest! {
        #[test]
        fn what_is_left_is_the_end_of_what_was_there(
            lengths in prop::collection::vec(0_usize..4_000, 1..40),
            context_tokens in 1_u32..20_000,
        ) {
            let turns: Vec<_> = lengths.iter().enumerate().map(|(at, length)| {
                turn(if at % 2 == 0 { Sender::User } else { Sender::Assistant }, "x".repeat(*length))
            }).collect();
            let mut prompt = Prompt { system: vec![], turns: turns.clone() };
            let trimmed = fit(&mut prompt, context_tokens);
            prop_assert!(turns.ends_with(&prompt.turns));
            prop_assert!(!prompt.turns.is_empty());
            prop_assert_eq!(trimmed, prompt.turns.len() < turns.len());
        }
    }
}
