//! `docs/openapi.json` says what the handlers say. `cargo xtask openapi` renews it.

use std::path::Path;

use utoipa::OpenApi as _;
use utoipa::openapi::{ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, ResponseBuilder};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");

/// The descriptions of all functions, with what is the same in each of them.
pub(crate) fn description() -> OpenApi {
    let info = InfoBuilder::new().title("Recollect").version("1").description(Some(
        "An AI chat portal that remembers. Errors are problem documents (RFC 9457); times are RFC 3339, UTC.",
    ));
    let mut all = OpenApiBuilder::new().info(info).build();
    for part in
        [accounts::Api::openapi(), conversations::Api::openapi(), messages::Api::openapi(), models::Api::openapi()]
    {
        all.merge(part);
    }
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let problem = ResponseBuilder::new().description("A problem").content("application/problem+json", problem).build();
    for item in all.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.patch, &mut item.put, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            operation.responses.responses.insert("default".to_owned(), problem.clone().into());
        }
    }
    all
}

#[test]
#[expect(clippy::disallowed_methods, reason = "`cargo xtask openapi` asks for the renewal through the environment")]
fn the_committed_description_is_the_one_of_the_handlers() {
    let described = description().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(Path::new(FILE), &described).unwrap();
    }
    let committed = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(committed == described, "docs/openapi.json is not what the handlers say: run `cargo xtask openapi`");
}
