use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::Findings;
use super::project::Project;

const LIMIT: usize = 500;
const KINDS: [&str; 8] = ["rs", "ts", "tsx", "py", "mjs", "js", "css", "sql"];
/// Nobody reads these: they are generated.
const GENERATED: [&str; 1] = ["frontend/src/api/schema.ts"];

pub(super) fn check(project: &Project) -> Result<Findings> {
    let mut findings = Findings::new();
    for file in project.files()?.iter().filter(|file| counts(file)) {
        let text = fs::read(project.root.join(file)).with_context(|| format!("cannot read {}", file.display()))?;
        findings.extend(judge(file, &text));
    }
    Ok(findings)
}

fn counts(file: &Path) -> bool {
    let is_source = file.extension().is_some_and(|extension| KINDS.iter().any(|kind| extension == *kind));
    is_source && !GENERATED.iter().any(|generated| file == Path::new(generated))
}

fn judge(file: &Path, text: &[u8]) -> Option<String> {
    let lines = text.split_inclusive(|byte| *byte == b'\n').count();
    (lines > LIMIT).then(|| {
        format!("{} has {lines} lines; {LIMIT} are the limit: split it by subject, so that each part can be read in one sitting.", file.display())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_over_the_limit_is_found() {
        let file = Path::new("shared/llm/src/lib.rs");
        assert_eq!(judge(file, "x\n".repeat(500).as_bytes()), None);
        let found = judge(file, "x\n".repeat(501).as_bytes()).unwrap_or_default();
        assert!(found.starts_with("shared/llm/src/lib.rs has 501 lines"), "{found}");
    }

    #[test]
    fn generated_files_and_texts_do_not_count() {
        let counting = ["frontend/src/app/App.tsx", "infra/local/emulator.py"];
        let others = ["frontend/src/api/schema.ts", "docs/protocol.md", "Cargo.lock"];
        assert!(counting.iter().all(|file| counts(Path::new(file))));
        assert!(!others.iter().any(|file| counts(Path::new(file))));
    }
}
