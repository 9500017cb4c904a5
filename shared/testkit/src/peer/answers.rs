use super::{Dialect, Script};

/// The pause between two pieces of an answer without a script, in milliseconds.
const PACE_MS: u64 = 10;

const REST: &str = "\
This answer comes from the **scripted peer**, which stands in for a language model. It says the same to everybody, in small \
pieces, so that one can watch an answer grow.

## What an answer may hold

1. A list with *emphasis* and `code`.
2. Characters beyond ASCII: naïve, 日本語, 👩‍🚀.

```rust
fn main() {
    println!(\"Hello from the scripted peer\");
}
```

| Part | Shown |
|------|-------|
| Text | as it comes |
| Code | highlighted |

That is all there is to say.
";

/// What the peer answers when nothing else is said.
pub(super) fn unscripted(dialect: Dialect, prompt: &str) -> Script {
    let quoted: String = prompt.chars().take(80).map(|char| if char.is_control() { ' ' } else { char }).collect();
    let answer = format!("You said: “{quoted}”\n\n{REST}");
    Script::tokens_of(dialect, pieces(&answer)).every(PACE_MS)
}

/// Cuts a text into words, each with the white space behind it.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(char::is_whitespace)
}
