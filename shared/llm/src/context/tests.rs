use proptest::prelude::*;

use super::*;
use crate::Provider;

fn turn(sender: Sender, content: impl Into<String>) -> Turn {
    Turn { sender, content: content.into() }
}

fn conversation(turns: usize, length: usize) -> Prompt {
    let turns = (0..turns).map(|at| {
        let sender = if at % 2 == 0 { Sender::User } else { Sender::Assistant };
        turn(sender, format!("{at:>length$}"))
    });
    Prompt { system: vec!["Be brief.".to_owned()], turns: turns.collect(), ..Prompt::default() }
}

/// What a small local model takes.
fn small() -> Budget {
    Budget::of(&Capabilities::of(Provider::Ollama, true, "small"), 100)
}

#[test]
fn what_fits_stays_as_it_is() {
    let mut prompt = conversation(5, 10);
    let before = prompt.clone();
    assert!(!fit(&mut prompt, small()));
    assert_eq!(prompt, before);
}

#[test]
fn the_oldest_turns_go_first_and_a_question_stays_first() {
    let mut prompt = Prompt { summary: Some("They spoke of the sea.".to_owned()), ..conversation(101, 350) };
    assert!(fit(&mut prompt, small()));
    assert_eq!(prompt.turns[0].sender, Sender::User);
    assert_eq!(prompt.turns.last().map(|turn| turn.content.trim().to_owned()), Some("100".to_owned()));
    assert!(estimate_prompt(&prompt) <= 3_072);
    assert!(prompt.turns.len() > 20, "{} turns", prompt.turns.len());
    assert!(prompt.summary.is_some());
}

#[test]
fn of_a_last_turn_that_is_too_long_both_ends_stay() {
    let long = format!("The beginning. {} The end.", "é".repeat(50_000));
    let mut prompt =
        Prompt { turns: vec![turn(Sender::User, "Before."), turn(Sender::User, long)], ..Prompt::default() };
    assert!(fit(&mut prompt, small()));
    let kept = &prompt.turns.last().expect("it stays").content;
    assert!(kept.starts_with("The beginning. ") && kept.ends_with(" The end.") && kept.contains(CUT), "{kept:.100}");
    assert!(estimate_prompt(&prompt) <= small().0);
    assert!(!fit(&mut prompt, small()), "nothing is left to leave out");
}

#[test]
fn a_character_of_another_script_counts_more_than_one_of_ascii() {
    assert_eq!(estimate_tokens(""), 0);
    assert_eq!(estimate_tokens("seven c"), 2);
    assert_eq!(estimate_tokens("日本語"), 4);
    assert_eq!(estimate_tokens("привет"), 5);
}

#[test]
fn half_is_condensed_once_seventy_percent_are_full() {
    // 1 024 of 4 096 are kept for the answer, and 5 % for what is estimated wrong.
    assert_eq!(small().0, 2_918);
    assert_eq!(small().to_condense(&conversation(20, 330)), None, "2 000 of 2 900 are less than 70 %");
    let at = small().to_condense(&conversation(22, 340)).expect("it is nearly full");
    assert!((8..=11).contains(&at) && at.is_multiple_of(2), "{at}: about half, and whole exchanges");
    assert_eq!(small().to_condense(&conversation(1, 50_000)), None, "a single turn has nothing before it");
}

#[test]
fn estimates_are_corrected_by_what_models_count() {
    let can = Capabilities::of(Provider::Ollama, true, "small");
    let corrections = Corrections::default();
    assert_eq!(corrections.of("ollama/small", &can), 100);
    corrections.learn("ollama/small", 100, 1_000);
    assert_eq!(corrections.of("ollama/small", &can), 100, "a short prompt says nothing");
    corrections.learn("ollama/small", 1_000, 1_500);
    assert_eq!(corrections.of("ollama/small", &can), 150);
    for _ in 0..20 {
        corrections.learn("ollama/small", 1_000, 900_000);
    }
    assert!(corrections.of("ollama/small", &can) <= 300, "no number is believed without bounds");
    assert!(Budget::of(&can, 150).0 < Budget::of(&can, 100).0);
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
        let can = Capabilities { context_tokens, ..Capabilities::of(Provider::Ollama, true, "small") };
        let mut prompt = Prompt { turns: turns.clone(), ..Prompt::default() };
        let trimmed = fit(&mut prompt, Budget::of(&can, 100));
        let (last, others) = prompt.turns.split_last().expect("the last always stays");
        prop_assert!(turns[..turns.len() - 1].ends_with(others));
        let whole = last == turns.last().expect("there is one");
        prop_assert!(whole || last.content.contains(CUT));
        prop_assert_eq!(trimmed, prompt.turns.len() < turns.len() || !whole);
    }

    #[test]
    fn what_is_shortened_keeps_its_characters_whole(text in "\\PC{0,2000}", tokens in 0_u64..400) {
        let short = shorten(&text, tokens);
        if short != text {
            let (head, tail) = short.split_once(CUT).expect("the cut is marked");
            prop_assert!(text.starts_with(head) && text.ends_with(tail));
            prop_assert!(estimate_tokens(head) + estimate_tokens(tail) <= tokens.max(64) + 2);
        }
    }
}
