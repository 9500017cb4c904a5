//! `.sqlx`: what Postgres says about each SQL query, so that they are checked without one.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};
use tokio::process::Command;

use crate::postgres::Postgres;
use crate::process::run;
use crate::throwaway::folder;
use crate::workspace::root;

const OWNER: &str = "recollect_owner";
const DATABASE: &str = "queries";
const PASSWORD: &str = "only-for-tests";

/// Name and content of each description.
type Descriptions = BTreeMap<String, Vec<u8>>;

/// Writes the descriptions anew.
pub(crate) async fn renew() -> Result<()> {
    let (committed, described) = (read(&committed())?, describe().await?);
    let differing = difference(&committed, &described);
    if differing.is_empty() {
        println!("The {} descriptions in .sqlx are up to date.", described.len());
        return Ok(());
    }
    fs::create_dir_all(self::committed())?;
    for name in &differing {
        let file = self::committed().join(name);
        match described.get(name) {
            Some(content) => fs::write(&file, content),
            None => fs::remove_file(&file),
        }
        .with_context(|| format!("cannot renew {}", file.display()))?;
    }
    println!("Renewed {} of the {} descriptions in .sqlx.", differing.len(), described.len());
    Ok(())
}

/// Fails when a description is missing, too many or another than Postgres gives for the queries and the migrations as they are.
pub(crate) async fn check() -> Result<()> {
    let (committed, described) = (read(&committed())?, describe().await?);
    let differing = difference(&committed, &described);
    if differing.is_empty() {
        println!("The {} descriptions in .sqlx are up to date.", described.len());
        return Ok(());
    }
    let lines: Vec<_> = differing.iter().map(|name| line(name, &committed, &described)).collect();
    bail!("These descriptions of SQL queries are out of date; run `cargo xtask queries`:\n{}", lines.join("\n"));
}

fn line(name: &str, committed: &Descriptions, described: &Descriptions) -> String {
    let what = match (committed.get(name), described.get(name)) {
        (None, _) => "is missing",
        (_, None) => "belongs to no query",
        _ => "is another now",
    };
    let query = described.get(name).or_else(|| committed.get(name)).and_then(|content| query(content));
    format!("  .sqlx/{name} {what}: {}", query.unwrap_or_default())
}

/// The beginning of a description's query.
fn query(description: &[u8]) -> Option<String> {
    let description: serde_json::Value = serde_json::from_slice(description).ok()?;
    let words: Vec<_> = description["query"].as_str()?.split_whitespace().take(12).collect();
    Some(words.join(" "))
}

fn committed() -> PathBuf {
    root().join(".sqlx")
}

fn read(folder: &Path) -> Result<Descriptions> {
    let mut found = Descriptions::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("query-") {
            found.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(found)
}

fn difference(one: &Descriptions, other: &Descriptions) -> Vec<String> {
    let names: std::collections::BTreeSet<_> = one.keys().chain(other.keys()).collect();
    names.into_iter().filter(|name| one.get(*name) != other.get(*name)).cloned().collect()
}

/// Asks a Postgres of its own, which has just the migrations, about each query.
async fn describe() -> Result<Descriptions> {
    let folder = folder()?;
    let mut postgres = Postgres::throwaway(folder.path()).await?;
    let described = describe_on(&postgres, &folder.path().join("described")).await;
    postgres.daemon.stop().await;
    described
}

async fn describe_on(postgres: &Postgres, into: &Path) -> Result<Descriptions> {
    postgres.database(DATABASE, OWNER, PASSWORD).await?;
    for migration in migrations()? {
        let mut psql = postgres.psql(DATABASE);
        // As `migrate` does it: the owner, who is no superuser, and each migration in one transaction.
        psql.args(["-c", &format!("SET ROLE {OWNER}"), "-1", "-f"]).arg(&migration);
        run("psql", &mut psql, &format!("Postgres refuses {}.", migration.display())).await?;
    }
    fs::create_dir_all(into)?;
    let _touched = Touched::new(&root().join("shared/store/src/lib.rs"))?;
    let mut cargo = Command::new("cargo");
    // The flag makes this a compilation of its own: what other builds made of `store` stays as it is.
    cargo.args(["rustc", "--quiet", "--locked", "--package", "store", "--lib", "--profile", "check"]);
    cargo.args(["--", "--cfg", "describing_queries"]).current_dir(root());
    cargo.env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", into);
    cargo.env("DATABASE_URL", postgres.url(OWNER, PASSWORD, DATABASE));
    run("cargo", &mut cargo, "The queries of shared/store cannot be described.").await?;
    read(into)
}

fn migrations() -> Result<Vec<PathBuf>> {
    let folder = root().join("shared/store/migrations");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files: Vec<_> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    Ok(files)
}

/// A file that looks new to cargo until this is dropped: the queries are described while they are compiled, so that must happen
/// now, and for nobody else.
struct Touched {
    file: File,
    before: SystemTime,
}

impl Touched {
    fn new(path: &Path) -> Result<Self> {
        let file =
            File::options().append(true).open(path).with_context(|| format!("cannot open {}", path.display()))?;
        let before = file.metadata()?.modified()?;
        file.set_modified(SystemTime::now())?;
        Ok(Self { file, before })
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        let _ = self.file.set_modified(self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_that_differs_is_named_with_its_query() {
        let description = |query: &str| serde_json::json!({ "query": query }).to_string().into_bytes();
        let committed = Descriptions::from([
            ("query-1.json".to_owned(), description("SELECT 1")),
            ("query-2.json".to_owned(), description("SELECT 2")),
            ("query-3.json".to_owned(), description("SELECT 3")),
        ]);
        let mut described = committed.clone();
        described.remove("query-1.json");
        described.insert("query-2.json".to_owned(), description("SELECT\n  2 + 0"));
        described.insert("query-4.json".to_owned(), description("SELECT 4"));
        let differing = difference(&committed, &described);
        let lines: Vec<_> = differing.iter().map(|name| line(name, &committed, &described)).collect();
        assert_eq!(
            lines,
            [
                "  .sqlx/query-1.json belongs to no query: SELECT 1",
                "  .sqlx/query-2.json is another now: SELECT 2 + 0",
                "  .sqlx/query-4.json is missing: SELECT 4",
            ]
        );
    }

    #[test]
    fn a_file_that_was_touched_gets_its_time_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lib.rs");
        fs::write(&path, "").expect("a file");
        let modified = || fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("a time");
        let long_ago = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        File::options().append(true).open(&path).and_then(|file| file.set_modified(long_ago)).expect("a time");
        let touched = Touched::new(&path).expect("touched");
        assert!(modified() > long_ago);
        drop(touched);
        assert_eq!(modified(), long_ago);
    }
}
