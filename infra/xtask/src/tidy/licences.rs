use super::Findings;
use super::project::Project;

/// Licences that ask for no more than a notice. `deny.toml` has the same list.
const ALLOWED: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "OpenSSL",
    "Unicode-3.0",
    "Zlib",
];
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub(super) fn check(project: &Project) -> Findings {
    let mut findings = Findings::new();
    for package in &project.metadata.packages {
        let what = format!("{} {}", package.name, package.version);
        match &package.source {
            // Of this project.
            None => continue,
            Some(source) if source.repr != REGISTRY => {
                findings.push(format!("{what} comes from {source}: take a version that is published on crates.io."));
            }
            Some(_) => {}
        }
        findings.extend(judge(&what, package.license.as_deref()));
    }
    findings
}

fn judge(what: &str, licence: Option<&str>) -> Option<String> {
    let Some(licence) = licence else {
        return Some(format!("{what} names no licence: look for another package."));
    };
    // An old way to write a choice.
    let expression = licence.replace('/', " OR ");
    let words = expression.replace('(', " ( ").replace(')', " ) ");
    let words: Vec<_> = words.split_whitespace().collect();
    let mut rest = words.as_slice();
    let granted = any(&mut rest);
    (!granted || !rest.is_empty()).then(|| {
        format!("{what} has the licence {licence}, which is not among the allowed ones: look for another package, or allow it in deny.toml and in infra/xtask/src/tidy/licences.rs.")
    })
}

/// `a OR b`: one of them is enough.
fn any(words: &mut &[&str]) -> bool {
    let mut granted = all(words);
    while let Some(rest) = words.strip_prefix(&["OR"]) {
        *words = rest;
        granted |= all(words);
    }
    granted
}

/// `a AND b`: both are needed. It binds closer than `OR`.
fn all(words: &mut &[&str]) -> bool {
    let mut granted = one(words);
    while let Some(rest) = words.strip_prefix(&["AND"]) {
        *words = rest;
        granted &= one(words);
    }
    granted
}

/// A licence, one with an exception, or an expression in parentheses.
fn one(words: &mut &[&str]) -> bool {
    let Some((first, rest)) = words.split_first() else { return false };
    *words = rest;
    if *first == "(" {
        let granted = any(words);
        let closed = words.strip_prefix(&[")"]);
        *words = closed.unwrap_or(words);
        return granted && closed.is_some();
    }
    let mut name = (*first).to_owned();
    if let ["WITH", exception, rest @ ..] = *words {
        *words = rest;
        name = format!("{name} WITH {exception}");
    }
    ALLOWED.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_with_an_allowed_licence_passes() {
        for licence in [
            "MIT",
            "Unlicense/MIT",
            "MIT OR Apache-2.0 OR LGPL-2.1-or-later",
            "(MIT OR GPL-3.0-only) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0-only",
            "GPL-3.0-only OR (MIT AND (ISC OR GPL-2.0-only))",
        ] {
            assert_eq!(judge("p 1.0.0", Some(licence)), None);
        }
    }

    #[test]
    fn what_asks_for_more_than_a_notice_is_found() {
        for licence in [
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "GPL-3.0-only OR MIT AND AGPL-3.0-only",
            "GPL-2.0-only WITH Classpath-exception-2.0",
            "",
            "MIT OR",
            "(MIT",
        ] {
            // A choice that names nothing after `OR` still has its first one.
            let expected = licence != "MIT OR";
            assert_eq!(judge("p 1.0.0", Some(licence)).is_some(), expected, "{licence}");
        }
        assert!(judge("p 1.0.0", None).unwrap_or_default().contains("names no licence"));
    }
}
