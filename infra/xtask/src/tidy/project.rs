use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use cargo_metadata::{Metadata, MetadataCommand, Package};

/// What the rules look at.
#[derive(Debug)]
pub(super) struct Project {
    pub(super) root: PathBuf,
    pub(super) metadata: Metadata,
}

/// Folders that hold nothing that somebody wrote here.
const FOREIGN: [&str; 5] = ["node_modules", "target", "dist", "artifacts", "__pycache__"];

impl Project {
    pub(super) fn read(root: PathBuf) -> Result<Self> {
        let metadata = MetadataCommand::new()
            .manifest_path(root.join("Cargo.toml"))
            // The platform of Lambda: what others link is nobody's business.
            .other_options(["--locked", "--filter-platform", "x86_64-unknown-linux-gnu"].map(str::to_owned))
            .exec()
            .context("cargo cannot describe the workspace; does `cargo check` work?")?;
        Ok(Self { root, metadata })
    }

    /// The crates of this project.
    pub(super) fn members(&self) -> Vec<Member<'_>> {
        let member = |package| Member::new(package, self.metadata.workspace_root.as_std_path());
        self.metadata.workspace_packages().into_iter().map(member).collect()
    }

    /// All files that somebody wrote here, relative to the root.
    pub(super) fn files(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        walk(&self.root, &mut files)?;
        files.sort();
        files.into_iter().map(|file| Ok(file.strip_prefix(&self.root)?.to_path_buf())).collect()
    }
}

/// A crate of this project.
#[derive(Debug)]
pub(super) struct Member<'a> {
    pub(super) package: &'a Package,
    /// Its folder below the root, such as `shared/store`.
    pub(super) folder: String,
}

impl<'a> Member<'a> {
    fn new(package: &'a Package, root: &Path) -> Self {
        let manifest = package.manifest_path.as_std_path();
        let folder = manifest.parent().and_then(|folder| folder.strip_prefix(root).ok()).unwrap_or(manifest);
        Self { package, folder: folder.to_string_lossy().into_owned() }
    }

    pub(super) fn name(&self) -> &'a str {
        &self.package.name
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let (kind, name) = (entry.file_type()?, entry.file_name());
        let name = name.to_string_lossy();
        if kind.is_file() {
            files.push(entry.path());
        } else if kind.is_dir() && !name.starts_with('.') && !FOREIGN.contains(&name.as_ref()) {
            walk(&entry.path(), files)?;
        }
    }
    Ok(())
}
