use domain::FinishReason;

use crate::Event;

const ALONE: &str = "\
No language model is configured yet, so this answer is a fixed text. Your message is stored like any other, and you can ask \
again as soon as a model is there.

";

const CHOSEN: &str = "\
You have chosen the built-in model, which is no language model: this answer is a fixed text. Choose another model for a real \
answer, or configure one more.

";

const HOW_TO: &str = "\
Put two of these lines into the file `.env.local` in Recollect's folder, then start `make run` again.

**LM Studio**, on this computer (load a model and start its server):

```sh
LM_STUDIO_URL=http://localhost:1234
DEFAULT_MODEL=lm_studio/<name of the model>
```

**Ollama**, on this computer (`ollama pull llama3.2` first):

```sh
OLLAMA_URL=http://localhost:11434
DEFAULT_MODEL=ollama/llama3.2
```

**OpenAI**, or a service like it (`OPENAI_BASE_URL` says where):

```sh
OPENAI_API_KEY=<your key>
DEFAULT_MODEL=openai/gpt-5-mini
```

**Anthropic** or **Gemini**:

```sh
ANTHROPIC_API_KEY=<your key>
DEFAULT_MODEL=anthropic/claude-sonnet-4-5
```

```sh
GEMINI_API_KEY=<your key>
DEFAULT_MODEL=gemini/gemini-2.5-flash
```

The second line may be left out: then the first model that is offered answers.
";

/// The answer of the built-in model, a word at a time. `alone` says that no provider is configured.
pub(crate) fn answer(alone: bool) -> Vec<Event> {
    let text = format!("{}{HOW_TO}", if alone { ALONE } else { CHOSEN });
    let words = text.split_inclusive(char::is_whitespace).map(|word| Event::Text(word.to_owned()));
    words.chain([Event::Finished(FinishReason::Stop)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(alone: bool) -> String {
        answer(alone)
            .into_iter()
            .filter_map(|event| if let Event::Text(text) = event { Some(text) } else { None })
            .collect()
    }

    #[test]
    fn it_says_what_is_missing_and_two_lines_for_each_provider() {
        let text = text(true);
        assert!(text.starts_with("No language model is configured yet"));
        for line in
            ["LM_STUDIO_URL=", "OLLAMA_URL=", "OPENAI_API_KEY=", "ANTHROPIC_API_KEY=", "GEMINI_API_KEY=", ".env.local"]
        {
            assert!(text.contains(line), "{line}");
        }
        assert_eq!(text.matches("\nDEFAULT_MODEL=").count(), 5);
    }

    #[test]
    fn it_does_not_say_so_when_one_is_configured() {
        assert!(text(false).starts_with("You have chosen the built-in model"));
    }

    #[test]
    fn it_comes_word_by_word_and_ends_as_a_whole_answer() {
        let events = answer(true);
        assert!(events.len() > 50);
        assert_eq!(events.last(), Some(&Event::Finished(FinishReason::Stop)));
    }
}
