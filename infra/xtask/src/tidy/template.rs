use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result};
use cargo_metadata::TargetKind;
use serde_norway::Value;

use super::Findings;
use super::project::Project;

/// Each binary of the functions, and the package that it is in.
type Binaries = BTreeMap<String, String>;

pub(super) fn check(project: &Project) -> Result<Findings> {
    let text = fs::read_to_string(project.root.join("template.yaml")).context("cannot read template.yaml")?;
    let mut binaries = Binaries::new();
    for member in project.members().iter().filter(|member| member.folder.starts_with("functions/")) {
        let targets = member.package.targets.iter().filter(|target| target.kind.contains(&TargetKind::Bin));
        binaries.extend(targets.map(|target| (target.name.clone(), member.folder.clone())));
    }
    judge(&text, &binaries)
}

fn judge(template: &str, binaries: &Binaries) -> Result<Findings> {
    let template: Value = serde_norway::from_str(template).context("template.yaml cannot be read")?;
    let resources = template.get("Resources").and_then(Value::as_mapping).context("template.yaml has no Resources")?;
    let mut findings = Findings::new();
    let mut deployed = BTreeMap::new();
    for (id, resource) in resources {
        if text(resource.get("Type")) != "AWS::Serverless::Function" {
            continue;
        }
        let id = text(Some(id));
        let mut says = |what: String| findings.push(format!("template.yaml: {id} {what}"));
        let metadata = resource.get("Metadata");
        let binary = text(metadata.and_then(|metadata| metadata.get("BuildProperties")?.get("Binary")));
        if text(metadata.and_then(|metadata| metadata.get("BuildMethod"))) != "rust-cargolambda" || binary.is_empty() {
            says("does not say which binary it runs: give it Metadata with BuildMethod rust-cargolambda and BuildProperties.Binary.".to_owned());
            continue;
        }
        if let Some(other) = deployed.insert(binary.clone(), id.clone()) {
            says(format!("runs the binary {binary}, as {other} does: an endpoint has a binary of its own."));
        }
        let Some(folder) = binaries.get(&binary) else {
            says(format!(
                "runs the binary {binary}, which no package below functions/ has: write src/bin/{binary}.rs, or remove the function."
            ));
            continue;
        };
        let properties = resource.get("Properties");
        let property = |name: &str| text(properties.and_then(|properties| properties.get(name)));
        let (code, name) = (property("CodeUri"), property("FunctionName"));
        if code.trim_end_matches('/') != folder {
            says(format!("has the CodeUri {code}, but its binary {binary} is in {folder}/: write that."));
        }
        if name != format!("${{Stage}}_{binary}") {
            says(format!("is called {name}: what invokes it expects the FunctionName !Sub ${{Stage}}_{binary}."));
        }
        if id != camel(&binary) {
            says(format!(
                "runs the binary {binary}: name the resource {}, so that each is found by the other.",
                camel(&binary)
            ));
        }
    }
    for (binary, folder) in binaries.iter().filter(|(binary, _)| !deployed.contains_key(*binary)) {
        findings.push(format!(
            "{folder}/src/bin/{binary}.rs is in no function of template.yaml: add one, or remove the binary."
        ));
    }
    Ok(findings)
}

/// The text of a value, also below a tag such as `!Sub`; empty if it is none.
fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Tagged(tagged)) => text(Some(&tagged.value)),
        _ => String::new(),
    }
}

/// `ConversationsList` for `conversations_list`.
fn camel(binary: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    binary.split('_').filter(|part| !part.is_empty()).map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FUNCTION: &str = "
Resources:
  Table:
    Type: AWS::DynamoDB::Table
  ModelsList:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: rust-cargolambda
      BuildProperties:
        Binary: models_list
    Properties:
      FunctionName: !Sub ${Stage}_models_list
      CodeUri: functions/models/
";

    fn findings(template: &str, binaries: &[(&str, &str)]) -> Findings {
        let binaries = binaries.iter().map(|(binary, folder)| ((*binary).to_owned(), (*folder).to_owned())).collect();
        judge(template, &binaries).expect("a template")
    }

    const MODELS_LIST: (&str, &str) = ("models_list", "functions/models");

    #[test]
    fn a_function_and_its_binary_pass() {
        assert_eq!(findings(FUNCTION, &[MODELS_LIST]), Findings::new());
    }

    #[test]
    fn one_without_the_other_is_found() {
        let found = findings(FUNCTION, &[("reply", "functions/chat")]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].starts_with("template.yaml: ModelsList runs the binary models_list, which no package"),
            "{found:?}"
        );
        assert!(
            found[1].starts_with("functions/chat/src/bin/reply.rs is in no function of template.yaml"),
            "{found:?}"
        );
    }

    #[test]
    fn names_and_folders_that_do_not_fit_are_found() {
        let changes = [
            ("functions/models/", "functions/chat/", "has the CodeUri functions/chat/"),
            ("${Stage}_models_list", "${Stage}-models", "is called ${Stage}-models"),
            ("ModelsList:", "Models:", "name the resource ModelsList"),
            ("Binary: models_list", "Other: x", "does not say which binary it runs"),
        ];
        for (before, after, expected) in changes {
            let found = findings(&FUNCTION.replace(before, after), &[MODELS_LIST]);
            assert!(found.first().is_some_and(|finding| finding.contains(expected)), "{expected}: {found:?}");
        }
    }
}
