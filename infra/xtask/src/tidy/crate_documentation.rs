use std::fs;

use anyhow::{Context as _, Result};

use super::Findings;
use super::project::Project;

pub(super) fn check(project: &Project) -> Result<Findings> {
    let mut findings = Findings::new();
    for target in project.members().iter().flat_map(|member| &member.package.targets) {
        let root = target.src_path.as_std_path();
        let text = fs::read_to_string(root).with_context(|| format!("cannot read {}", root.display()))?;
        let file = root.strip_prefix(project.metadata.workspace_root.as_std_path()).unwrap_or(root);
        findings.extend(judge(&file.to_string_lossy(), &text));
    }
    Ok(findings)
}

fn judge(file: &str, text: &str) -> Option<String> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    (!first.starts_with("//!"))
        .then(|| format!("{file} does not say what it is for: begin it with a sentence of documentation, `//! …`."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_without_documentation_is_found() {
        assert_eq!(judge("shared/web/src/lib.rs", "//! Reads requests.\n\nmod app;\n"), None);
        for text in ["mod app;\n", "", "// Reads requests.\n//! Reads requests.\n"] {
            let found = judge("shared/web/src/lib.rs", text).unwrap_or_default();
            assert!(found.starts_with("shared/web/src/lib.rs does not say what it is for"), "{found}");
        }
    }
}
