use crate::Event;

const OPENING: &str = "<think>";
const CLOSING: &str = "</think>";

/// Tells thinking from the answer where a model writes both as one text: `<think>…</think>` at its very beginning. Local servers
/// that do not know the model's template pass it on so, cut anywhere.
#[derive(Debug, Default)]
pub(super) struct Think {
    state: State,
    /// What may be the beginning of a tag.
    held: String,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum State {
    /// Nothing was written but white space, and perhaps a part of the tag.
    #[default]
    Beginning,
    Thinking,
    /// Thinking has ended; white space between it and the answer belongs to neither.
    Between,
    Answer,
}

impl Think {
    /// Takes more of the text.
    pub(super) fn feed(&mut self, text: String, say: &mut impl FnMut(Event)) {
        if self.state == State::Answer {
            say(Event::Text(text));
            return;
        }
        self.held.push_str(&text);
        if self.state == State::Beginning {
            let begun = self.held.trim_start();
            if let Some(rest) = begun.strip_prefix(OPENING) {
                self.held = rest.to_owned();
                self.state = State::Thinking;
            } else if OPENING.starts_with(begun) {
                return;
            } else {
                self.state = State::Answer;
                say(Event::Text(std::mem::take(&mut self.held)));
                return;
            }
        }
        if self.state == State::Thinking {
            if let Some(at) = self.held.find(CLOSING) {
                let rest = self.held.split_off(at);
                said(Event::Thinking, std::mem::take(&mut self.held), say);
                rest[CLOSING.len()..].clone_into(&mut self.held);
                self.state = State::Between;
            } else {
                let rest = self.held.split_off(self.held.len() - tail(&self.held));
                said(Event::Thinking, std::mem::replace(&mut self.held, rest), say);
            }
        }
        if self.state == State::Between {
            let answer = self.held.trim_start();
            if !answer.is_empty() {
                say(Event::Text(answer.to_owned()));
                self.state = State::Answer;
            }
            self.held.clear();
        }
    }

    /// Nothing more comes: what was held is what it is.
    pub(super) fn end(&mut self, say: &mut impl FnMut(Event)) {
        let held = std::mem::take(&mut self.held);
        match self.state {
            State::Thinking => said(Event::Thinking, held, say),
            State::Beginning => said(Event::Text, held, say),
            State::Between | State::Answer => {}
        }
        self.state = State::Answer;
    }
}

fn said(event: impl Fn(String) -> Event, text: String, say: &mut impl FnMut(Event)) {
    if !text.is_empty() {
        say(event(text));
    }
}

/// How many bytes at the end may be the beginning of the closing tag.
fn tail(text: &str) -> usize {
    (1..CLOSING.len()).rev().find(|length| text.ends_with(&CLOSING[..*length])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The thinking and the answer of a text that comes in these pieces.
    fn split<'a>(pieces: impl IntoIterator<Item = &'a str>) -> (String, String) {
        let (mut thinking, mut answer) = (String::new(), String::new());
        let mut think = Think::default();
        let mut say = |event| match event {
            Event::Thinking(text) => thinking.push_str(&text),
            Event::Text(text) => answer.push_str(&text),
            _ => {}
        };
        for piece in pieces {
            think.feed(piece.to_owned(), &mut say);
        }
        think.end(&mut say);
        (thinking, answer)
    }

    #[test]
    fn thinking_is_told_from_the_answer_wherever_it_is_cut() {
        for (text, thinking, answer) in [
            ("<think>hm é</think>\n\nYes.", "hm é", "Yes."),
            ("\n<think>a < b </thin</think>Yes", "a < b </thin", "Yes"),
            ("<think></think>Yes", "", "Yes"),
            ("<think>never closed", "never closed", ""),
            ("<think>hm</", "hm</", ""),
            ("<thin", "", "<thin"),
            ("Yes <think>no</think>", "", "Yes <think>no</think>"),
            ("  Yes", "", "  Yes"),
            ("", "", ""),
        ] {
            let expected = (thinking.to_owned(), answer.to_owned());
            assert_eq!(split([text]), expected, "{text}");
            let single: Vec<String> = text.chars().map(String::from).collect();
            assert_eq!(split(single.iter().map(String::as_str)), expected, "{text}, a character at a time");
        }
    }
}
