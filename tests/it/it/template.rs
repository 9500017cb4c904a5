//! The template and the description name the same routes.

use std::collections::BTreeSet;

use serde_norway::Value;

use crate::openapi::description;

const TEMPLATE: &str = include_str!("../../../template.yaml");

/// `GET /api/conversations`, for every event of the REST API.
pub(crate) fn routes_of_the_template() -> BTreeSet<String> {
    let template: Value = serde_norway::from_str(TEMPLATE).unwrap();
    let resources = template["Resources"].as_mapping().unwrap().values();
    let functions = resources.filter(|resource| resource["Type"] == "AWS::Serverless::Function");
    let events = functions
        .filter_map(|function| function["Properties"]["Events"].as_mapping())
        .flat_map(serde_norway::Mapping::values);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    events
        .filter(|event| event["Type"] == "Api")
        .map(|event| {
            format!("{} {}", text(&event["Properties"]["Method"]).to_uppercase(), text(&event["Properties"]["Path"]))
        })
        .collect()
}

fn routes_of_the_description() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for (path, item) in description().paths.paths {
        let methods =
            [("GET", item.get), ("POST", item.post), ("PATCH", item.patch), ("PUT", item.put), ("DELETE", item.delete)];
        for (method, _) in methods.into_iter().filter(|(_, operation)| operation.is_some()) {
            routes.insert(format!("{method} {}", path.trim_end_matches('/')));
        }
    }
    routes
}

#[test]
fn every_route_of_the_template_is_described_and_the_other_way_round() {
    assert_eq!(routes_of_the_template(), routes_of_the_description());
}
