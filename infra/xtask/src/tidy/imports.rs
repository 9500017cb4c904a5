use cargo_metadata::DependencyKind;

use super::Findings;
use super::project::Project;

/// Whom a crate of `shared/` or `infra/` may import. A new crate gets a line here; think before you lengthen one.
const MAY_IMPORT: [(&str, &[&str]); 14] = [
    ("domain", &[]),
    ("runtime", &[]),
    ("xtask", &[]),
    ("auth", &["domain"]),
    ("embed", &["domain"]),
    ("limits", &["domain"]),
    ("llm", &["domain"]),
    ("queue", &["domain"]),
    ("realtime", &["domain"]),
    ("secrets", &[]),
    ("store", &["domain"]),
    ("vectors", &["domain"]),
    ("web", &["domain", "auth"]),
    ("testkit", &["auth", "domain", "realtime", "store"]),
];

/// An import of one of our crates by another.
#[derive(Debug)]
struct Import<'a> {
    from: &'a str,
    from_folder: &'a str,
    to: &'a str,
    to_folder: &'a str,
    kind: DependencyKind,
}

pub(super) fn check(project: &Project) -> Findings {
    let members = project.members();
    let mut findings = Findings::new();
    for member in &members {
        for dependency in &member.package.dependencies {
            let Some(imported) = members.iter().find(|other| other.name() == dependency.name) else { continue };
            findings.extend(judge(&Import {
                from: member.name(),
                from_folder: &member.folder,
                to: imported.name(),
                to_folder: &imported.folder,
                kind: dependency.kind,
            }));
        }
    }
    findings
}

fn judge(import: &Import<'_>) -> Option<String> {
    let Import { from, from_folder, to, to_folder, kind } = *import;
    let is_test = from_folder.starts_with("tests/");
    let says = |why: String| Some(format!("{from_folder}/Cargo.toml: {from} imports {to}, but {why}"));
    if to_folder.starts_with("tests/") || to_folder.starts_with("infra/") {
        return says(format!("nobody imports from {to_folder}: move what both need into a crate below shared/"));
    }
    if is_test {
        return None;
    }
    if to_folder.starts_with("functions/") {
        return says("no function is imported: move what both need into a crate below shared/".to_owned());
    }
    if kind != DependencyKind::Normal {
        return None;
    }
    if to == "testkit" {
        return says("that is for tests: make it a dev-dependency".to_owned());
    }
    if from_folder.starts_with("functions/") {
        return None;
    }
    match MAY_IMPORT.iter().find(|(name, _)| *name == from) {
        Some((_, may)) if may.contains(&to) => None,
        Some((_, [])) => says("it may import none of our crates: hand over what it needs as a value".to_owned()),
        Some((_, may)) => {
            says(format!("of our crates it may import {} only: let a function bring both together", may.join(", ")))
        }
        None => says("tidy does not know it: say in infra/xtask/src/tidy/imports.rs whom it may import".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(from: (&str, &str), to: (&str, &str), kind: DependencyKind) -> String {
        let (from, from_folder, to, to_folder) = (from.0, from.1, to.0, to.1);
        judge(&Import { from, from_folder, to, to_folder, kind }).unwrap_or_default()
    }

    const STORE: (&str, &str) = ("store", "shared/store");
    const DOMAIN: (&str, &str) = ("domain", "shared/domain");
    const TESTKIT: (&str, &str) = ("testkit", "shared/testkit");
    const CHAT: (&str, &str) = ("chat", "functions/chat");
    const MODELS: (&str, &str) = ("models", "functions/models");
    const BENCH: (&str, &str) = ("bench", "tests/bench");

    #[test]
    fn what_is_allowed_passes() {
        for (from, to) in [(STORE, DOMAIN), (CHAT, STORE), (BENCH, CHAT), (BENCH, TESTKIT), (TESTKIT, STORE)] {
            assert_eq!(says(from, to, DependencyKind::Normal), "");
        }
        assert_eq!(says(STORE, TESTKIT, DependencyKind::Development), "");
    }

    #[test]
    fn an_adapter_that_imports_another_is_found() {
        let found = says(("llm", "shared/llm"), STORE, DependencyKind::Normal);
        assert!(
            found.starts_with("shared/llm/Cargo.toml: llm imports store, but of our crates it may import domain only"),
            "{found}"
        );
    }

    #[test]
    fn the_domain_imports_nothing_of_ours() {
        assert!(says(DOMAIN, STORE, DependencyKind::Normal).contains("may import none of our crates"));
    }

    #[test]
    fn a_function_is_imported_by_no_other_even_for_its_tests() {
        for kind in [DependencyKind::Normal, DependencyKind::Development] {
            assert!(says(CHAT, MODELS, kind).contains("no function is imported"));
        }
    }

    #[test]
    fn the_testkit_stays_out_of_functions() {
        assert!(says(CHAT, TESTKIT, DependencyKind::Normal).contains("make it a dev-dependency"));
    }

    #[test]
    fn a_crate_that_is_new_must_be_placed() {
        assert!(says(("cache", "shared/cache"), DOMAIN, DependencyKind::Normal).contains("tidy does not know it"));
    }
}
