//! The functions as Lambda gets them: built for its system with the release profile, packed, and held to their sizes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use tokio::process::Command;

use crate::throwaway::status;
use crate::tools::{self, python_tool};
use crate::workspace::{root, target};

/// What a zip may weigh, in bytes. Lambda reads it at each cold start: a larger one is slower, so that this is a decision.
const BUDGET: u64 = 12_000_000;
/// Functions with a budget of their own.
const BUDGETS: [(&str, u64); 0] = [];

/// The processor that Lambda runs the functions on.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Architecture {
    /// Graviton, which the template asks for
    #[value(name = "arm64")]
    Arm64,
    /// Intel and AMD
    #[value(name = "x86_64")]
    X86,
}

impl Architecture {
    /// That of this machine.
    pub(crate) fn here() -> Self {
        if cfg!(target_arch = "aarch64") { Self::Arm64 } else { Self::X86 }
    }

    fn flag(self) -> &'static str {
        match self {
            Self::Arm64 => "--arm64",
            Self::X86 => "--x86-64",
        }
    }
}

/// A function and what its zip weighs.
#[derive(Debug)]
struct Zip {
    function: String,
    bytes: u64,
}

/// Builds all functions and prints their sizes; fails when one is over its budget.
pub(crate) async fn run(architecture: Architecture) -> Result<ExitCode> {
    tools::python().await?;
    let into = target().join("lambda").join(architecture.flag().trim_start_matches('-'));
    // A function that is no more would be measured still.
    let _ = fs::remove_dir_all(&into);
    let mut build = Command::new(python_tool("cargo-lambda"));
    // zig links for the glibc of Lambda, which is older than this machine's may be.
    build.args(["lambda", "build", "--release", "--locked", "--compiler", "cargo-zigbuild", "--output-format", "zip"]);
    build.arg(architecture.flag()).arg("--lambda-dir").arg(&into);
    for package in packages()? {
        build.args(["--package", &package]);
    }
    build.env("PATH", path_with_tools()?).current_dir(root());
    if status(&mut build).await? != ExitCode::SUCCESS {
        bail!("The functions could not be built for Lambda.");
    }
    let (text, fits) = table(&measure(&into)?);
    print!("{text}\nThe zips are in {}\n", into.display());
    Ok(if fits { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The packages of functions. Alone, without our tools and tests, they get only the features that they need.
fn packages() -> Result<Vec<String>> {
    let folder = root().join("functions");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names: Vec<_> = entries.flatten().filter(|entry| entry.path().join("Cargo.toml").exists()).collect();
    names.sort_by_key(fs::DirEntry::file_name);
    Ok(names.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

/// cargo-lambda looks for zig there.
#[expect(clippy::disallowed_methods, reason = "a program of its own, no function")]
fn path_with_tools() -> Result<std::ffi::OsString> {
    let tools = python_tool("python").parent().map(Path::to_path_buf);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = tools.into_iter().chain(std::env::split_paths(&path)).collect();
    std::env::join_paths(folders).context("PATH has a folder with a colon in its name")
}

fn measure(folder: &Path) -> Result<Vec<Zip>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cargo-lambda left nothing in {}", folder.display()))?;
    let mut zips = Vec::new();
    for entry in entries {
        let entry = entry?;
        if let Ok(zip) = fs::metadata(entry.path().join("bootstrap.zip")) {
            zips.push(Zip { function: entry.file_name().to_string_lossy().into_owned(), bytes: zip.len() });
        }
    }
    if zips.is_empty() {
        bail!("cargo-lambda left no zip in {}", folder.display());
    }
    zips.sort_by(|one, other| one.function.cmp(&other.function));
    Ok(zips)
}

/// The sizes, and whether all are within their budgets.
#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn table(zips: &[Zip]) -> (String, bool) {
    let mut lines = vec![String::new(), format!("{:<28}{:>8}{:>8}", "function", "MB", "budget")];
    let mut fits = true;
    for Zip { function, bytes } in zips {
        let budget = BUDGETS.iter().find(|(name, _)| name == function).map_or(BUDGET, |(_, budget)| *budget);
        let over = if *bytes > budget { "  over its budget" } else { "" };
        fits &= over.is_empty();
        lines.push(format!("{function:<28}{:>8.1}{:>8.1}{over}", *bytes as f64 / 1e6, budget as f64 / 1e6));
    }
    if !fits {
        lines.push(
            "\nSee with `cargo tree -p <package> -e normal` what came in, or decide for a larger budget in".to_owned(),
        );
        lines.push("infra/xtask/src/release.rs.".to_owned());
    }
    (lines.join("\n") + "\n", fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zip_over_its_budget_fails() {
        let zip = |function: &str, bytes| Zip { function: function.to_owned(), bytes };
        let (text, fits) = table(&[zip("migrate", BUDGET), zip("reply", 4_250_000)]);
        assert!(fits && text.contains("reply                            4.2    12.0\n"), "{text}");
        let (text, fits) = table(&[zip("migrate", BUDGET + 1)]);
        assert!(!fits && text.contains("over its budget"), "{text}");
    }

    #[test]
    fn zips_are_found_where_cargo_lambda_leaves_them() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(measure(folder.path()).is_err());
        fs::create_dir(folder.path().join("reply")).expect("a folder");
        fs::write(folder.path().join("reply/bootstrap.zip"), "zip").expect("a file");
        let zips = measure(folder.path()).expect("zips");
        assert_eq!((zips.len(), zips[0].function.as_str(), zips[0].bytes), (1, "reply", 3));
    }
}
