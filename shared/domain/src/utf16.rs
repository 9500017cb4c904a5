/// The length in UTF-16 code units: what JavaScript calls a string's `length`, and the unit of every offset and length of ours.
pub fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The longest prefix of at most `limit` UTF-16 code units; a character outside the basic plane is never cut in half.
pub fn utf16_prefix(text: &str, limit: usize) -> &str {
    let mut units = 0;
    for (at, char) in text.char_indices() {
        units += char.len_utf16();
        if units > limit {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_counts_two_and_is_not_cut() {
        assert_eq!(utf16_len("a🙂b"), 4);
        assert_eq!(utf16_prefix("a🙂b", 2), "a");
        assert_eq!(utf16_prefix("a🙂b", 3), "a🙂");
        assert_eq!(utf16_prefix("a🙂b", 9), "a🙂b");
    }
}
