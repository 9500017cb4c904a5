use std::path::Path;

use crate::callers::Caller;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/security.md");
const BEGIN: &str = "<!-- matrix: written by tests/it/it/authorization.rs from what was answered -->\n";
const END: &str = "<!-- end of the matrix -->\n";

/// What was answered: a status a route and caller.
#[derive(Debug, Default)]
pub(crate) struct Matrix(Vec<(String, Vec<String>)>);

impl Matrix {
    /// Takes down an answer; the callers of a route come in their order.
    pub(crate) fn add(&mut self, route: &str, caller: Caller, answer: String) {
        if caller == Caller::ALL[0] {
            self.0.push((route.to_owned(), Vec::new()));
        }
        if let Some((_, answers)) = self.0.last_mut() {
            answers.push(answer);
        }
    }

    fn to_markdown(&self) -> String {
        let names: Vec<_> = Caller::ALL.iter().map(|caller| caller.name()).collect();
        let head = format!("| route | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
        let lines = self.0.iter().map(|(route, answers)| {
            let slash = if route.contains(" /api/") { "/" } else { "" };
            format!("| `{route}{slash}` | {} |\n", answers.join(" | "))
        });
        head + &lines.collect::<Vec<_>>().concat()
    }
}

/// The documentation shows the answers of a run, and of this one.
#[expect(clippy::disallowed_methods, reason = "whoever changed a route asks for the renewal through the environment")]
pub(crate) fn compare_with_the_documentation(matrix: &Matrix) {
    let documented = std::fs::read_to_string(Path::new(FILE)).unwrap();
    let (before, rest) = documented.split_once(BEGIN).expect("docs/security.md has a place for the matrix");
    let (_, after) = rest.split_once(END).expect("docs/security.md says where the matrix ends");
    let renewed = format!("{before}{BEGIN}\n{}\n{END}{after}", matrix.to_markdown());
    if std::env::var_os("UPDATE_SECURITY").is_some() {
        std::fs::write(Path::new(FILE), &renewed).unwrap();
        return;
    }
    assert!(
        documented == renewed,
        "docs/security.md does not show what was answered: run `UPDATE_SECURITY=1 cargo xtask postgres -- cargo nextest run -p it authorization`"
    );
}
