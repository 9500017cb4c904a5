use std::path::{Path, PathBuf};

/// The root of the project.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default()
}

/// Where tools, data and logs of this machine are; ignored by git.
pub(crate) fn local() -> PathBuf {
    root().join(".local")
}

/// Where cargo puts what it builds.
#[expect(clippy::disallowed_methods, reason = "a program of its own, no function")]
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |target| root().join(target))
}

/// A program that cargo built in the dev profile.
pub(crate) fn binary(name: &str) -> PathBuf {
    target().join("debug").join(name)
}
