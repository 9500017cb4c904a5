use std::fs;

use anyhow::{Context as _, Result};
use toml::{Table, Value};

use super::Findings;
use super::project::Project;

const SECTIONS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

pub(super) fn check(project: &Project) -> Result<Findings> {
    let mut findings = Findings::new();
    for member in project.members() {
        let manifest = format!("{}/Cargo.toml", member.folder);
        let text =
            fs::read_to_string(project.root.join(&manifest)).with_context(|| format!("cannot read {manifest}"))?;
        findings.extend(judge(&manifest, &text)?);
    }
    Ok(findings)
}

fn judge(manifest: &str, text: &str) -> Result<Findings> {
    let table: Table = text.parse().with_context(|| format!("{manifest} cannot be read"))?;
    let mut findings = Findings::new();
    let inherits =
        |value: Option<&Value>| value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true);
    if !inherits(table.get("lints")) {
        findings.push(format!(
            "{manifest}: the lints of the workspace do not count here: add `[lints]` with `workspace = true`."
        ));
    }
    let targets = table.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    for section in targets.filter_map(Value::as_table).chain([&table]) {
        let dependencies = SECTIONS.iter().filter_map(|name| section.get(*name)?.as_table()).flatten();
        for (name, value) in dependencies {
            if value.get("features").is_some() {
                findings.push(format!(
                    "{manifest}: {name} has features of its own, so that it and all above it are compiled once more: name them below \
                     `[workspace.dependencies]` of the root."
                ));
            }
            if !inherits(Some(value)) {
                findings.push(format!(
                    "{manifest}: {name} has a version or a path of its own: name it below `[workspace.dependencies]` of the root \
                     and write `{name}.workspace = true` here."
                ));
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_that_inherits_everything_passes() {
        let text = "[lints]\nworkspace = true\n[dependencies]\nhttp.workspace = true\ntokio = { workspace = true }\n";
        assert_eq!(judge("shared/web/Cargo.toml", text).expect("TOML"), Findings::new());
    }

    #[test]
    fn versions_paths_features_and_lints_of_its_own_are_found() {
        let text = "[dependencies]\nhttp = \"1\"\n[dev-dependencies]\ndomain = { path = \"../../shared/domain\" }\n\
                    [target.'cfg(unix)'.dependencies]\nnix = { version = \"0.32\" }\n[build-dependencies]\n\
                    tokio = { workspace = true, features = [\"fs\"] }\n";
        let found = judge("shared/web/Cargo.toml", text).expect("TOML");
        assert_eq!(found.len(), 5, "{found:?}");
        assert!(found[0].contains("the lints of the workspace do not count here"), "{found:?}");
        assert!(found.iter().any(|finding| finding.contains("tokio has features of its own")), "{found:?}");
        for name in ["nix", "http", "domain"] {
            assert!(
                found.iter().any(|finding| finding.contains(&format!("{name}.workspace = true"))),
                "{name}: {found:?}"
            );
        }
    }
}
