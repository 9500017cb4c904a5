//! Half a surrogate pair, which JSON can write (`"\ud83d"`) and text cannot hold.

/// Writes U+FFFD in the place of every escape that is half a pair. Models that stream by bytes of UTF-16 cut pairs in two.
pub(super) fn replace_lone(json: &str) -> String {
    let mut whole = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        whole.push_str(before);
        // An escape is at least two characters; a broken one is left to the JSON parser.
        let (kept, length) = match code_unit(escape) {
            Some(0xD800..=0xDBFF) if matches!(escape.get(6..).and_then(code_unit), Some(0xDC00..=0xDFFF)) => {
                (&escape[..12], 12)
            }
            Some(0xD800..=0xDFFF) => ("\\ufffd", 6),
            Some(_) => (&escape[..6], 6),
            None => {
                let length = 1 + escape[1..].chars().next().map_or(0, char::len_utf8);
                (&escape[..length], length)
            }
        };
        whole.push_str(kept);
        rest = &escape[length..];
    }
    whole.push_str(rest);
    whole
}

/// The UTF-16 code unit of an escape that the text begins with.
fn code_unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_half_pairs_are_replaced() {
        for (given, expected) in [
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\udE00x""#, r#""\ufffdx""#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\\ud83d \n \u0041""#, r#""\\ud83d \n \u0041""#),
            (r#""\ud83"#, r#""\ud83"#),
            ("\\", "\\"),
            ("\\é", "\\é"),
            ("\\uéé", "\\uéé"),
        ] {
            assert_eq!(replace_lone(given), expected);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in "(\\\\u?|[0-9a-fD]|é|.){0,40}") {
            let once = replace_lone(&text);
            prop_assert_eq!(replace_lone(&once), once);
        }

        #[test]
        fn json_without_halves_stays_the_same(text in ".*") {
            let json = serde_json::to_string(&text).expect("a text is JSON");
            prop_assert_eq!(replace_lone(&json), json);
        }
    }
}
