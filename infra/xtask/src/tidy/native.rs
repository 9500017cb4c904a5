use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use cargo_metadata::DependencyKind;

use super::Findings;
use super::project::Project;

/// A package that links a native library, where it may be and why nowhere else.
struct Native {
    package: &'static str,
    only_below: &'static [&'static str],
    why: &'static str,
}

const TLS: &str = "TLS is rustls here, a system library is one more thing to ship: choose its feature for rustls";
const ONNX: &str = "ONNX Runtime adds its size to every start: ask functions/recall by an invocation";
const NATIVE: [Native; 5] = [
    Native { package: "native-tls", only_below: &[], why: TLS },
    Native { package: "openssl-sys", only_below: &[], why: TLS },
    Native { package: "onnxruntime", only_below: &["functions/recall", "shared/embed"], why: ONNX },
    Native { package: "ort", only_below: &["functions/recall", "shared/embed"], why: ONNX },
    Native { package: "ort-sys", only_below: &["functions/recall", "shared/embed"], why: ONNX },
];

/// Which package uses which, by name and version.
type Uses = BTreeMap<String, BTreeSet<String>>;

pub(super) fn check(project: &Project) -> Result<Findings> {
    let resolve = project.metadata.resolve.as_ref().context("cargo did not say which packages are used")?;
    let names: BTreeMap<_, _> = project.metadata.packages.iter().map(|package| (&package.id, &package.name)).collect();
    let name = |id| names.get(id).map(ToString::to_string).unwrap_or_default();
    let mut uses = Uses::new();
    for node in &resolve.nodes {
        let linked =
            node.deps.iter().filter(|used| used.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal));
        uses.entry(name(&node.id)).or_default().extend(linked.map(|used| name(&used.pkg)));
    }
    let members = project.members();
    let judged =
        members.iter().filter(|member| !member.folder.starts_with("tests/") && member.folder != "shared/testkit");
    Ok(judged.flat_map(|member| judge(member.name(), &member.folder, &uses)).collect())
}

fn judge(member: &str, folder: &str, uses: &Uses) -> Findings {
    let forbidden = NATIVE.iter().filter(|native| !native.only_below.contains(&folder));
    forbidden
        .filter_map(|native| {
            let path = path(member, native.package, uses)?;
            Some(format!("{folder}/Cargo.toml: {} comes in by {}. {}.", native.package, path.join(" → "), native.why))
        })
        .collect()
}

/// The shortest way from a package to one that it uses.
fn path(from: &str, to: &str, uses: &Uses) -> Option<Vec<String>> {
    let mut seen = BTreeSet::from([from.to_owned()]);
    let mut paths = vec![vec![from.to_owned()]];
    while !paths.is_empty() {
        let mut longer = Vec::new();
        for path in paths {
            let last = path.last()?;
            if last == to {
                return Some(path);
            }
            for next in uses.get(last).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    longer.push([path.as_slice(), std::slice::from_ref(next)].concat());
                }
            }
        }
        paths = longer;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(edges: &[(&str, &str)]) -> Uses {
        let mut uses = Uses::new();
        for (from, to) in edges {
            uses.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        uses
    }

    #[test]
    fn a_native_library_is_found_with_the_way_that_it_comes_in() {
        let uses =
            uses(&[("llm", "reqwest"), ("reqwest", "hyper-tls"), ("hyper-tls", "native-tls"), ("reqwest", "http")]);
        let found = judge("llm", "shared/llm", &uses);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with(
                "shared/llm/Cargo.toml: native-tls comes in by llm → reqwest → hyper-tls → native-tls. TLS is"
            ),
            "{found:?}"
        );
    }

    #[test]
    fn onnx_runtime_is_for_recall_alone() {
        let uses = uses(&[("embed", "ort"), ("recall", "embed"), ("chat", "embed")]);
        assert!(judge("recall", "functions/recall", &uses).is_empty());
        assert!(judge("embed", "shared/embed", &uses).is_empty());
        assert!(judge("chat", "functions/chat", &uses)[0].contains("chat → embed → ort"));
    }
}
