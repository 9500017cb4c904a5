/// Passwords that are guessed first: those of at least ten characters among the 20,000 that were found most often in leaks, in lower
/// case and sorted. Compiled by Royce Williams from Have I Been Pwned
/// (<https://gist.github.com/roycewilliams/226886fd01572964e1431ac8afc999ce>), taken from Django 5.2
/// (`django/contrib/auth/common-passwords.txt.gz`, BSD-3-Clause).
const COMMON: &str = include_str!("common_passwords.txt");

/// Whether a password is one that is guessed first, whatever its case.
pub(crate) fn is_common(password: &str) -> bool {
    let password = password.to_lowercase();
    COMMON.lines().any(|common| common == password) || is_one_pattern(&password)
}

/// One character, or one short piece, again and again; or characters that follow each other.
fn is_one_pattern(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    let repeats = (1..=chars.len() / 2).any(|period| chars.iter().zip(chars.iter().skip(period)).all(|(a, b)| a == b));
    let step = |pair: &[char]| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
    let mut steps = chars.windows(2).map(step);
    let runs = steps.next().is_some_and(|first| first.abs() <= 1 && steps.all(|step| step == first));
    repeats || runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_in_lower_case() {
        let lines: Vec<_> = COMMON.lines().collect();
        assert!(lines.len() > 1_700 && lines.is_sorted());
        assert!(lines.iter().all(|line| line.chars().count() >= 10 && line.to_lowercase() == **line));
    }

    #[test]
    fn what_is_guessed_first_is_common() {
        for password in [
            "1234567890",
            "QWERTYUIOP",
            "1q2w3e4r5t",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "passwordpassword",
            "abcdefghijkl",
            "9876543210",
        ] {
            assert!(is_common(password), "{password}");
        }
        for password in ["correct horse battery staple", "9s8d7f6g5h4j", "abcabcabdabc"] {
            assert!(!is_common(password), "{password}");
        }
    }
}
