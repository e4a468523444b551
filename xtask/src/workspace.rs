//! Paths of the workspace, and cargo.

use crate::shell::capture;
use std::{
    collections::BTreeSet,
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

/// The version of redis-rs that typedis is compared with. It is no dependency of the workspace, so that only a
/// measurement compiles it; `benches/Cargo.toml` has the same version.
pub(crate) const REDIS_RS: &str = "2.0.0-rc.2";

/// The root folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

/// The target directory by `cargo metadata`, because a variable and two configuration files may move it.
pub(crate) fn target_directory(root: &Path) -> Result<PathBuf, String> {
    let mut metadata = Command::new(cargo_program());
    metadata.args(["metadata", "--no-deps", "--format-version=1"]).current_dir(root);
    let output = capture(&mut metadata)?;
    let (_, rest) = output.split_once(r#""target_directory":""#).ok_or("cargo metadata names no target directory")?;
    let (target, _) = rest.split_once('"').ok_or("the output of cargo metadata is incomplete")?;
    Ok(PathBuf::from(target))
}

/// The cargo that runs xtask.
pub(crate) fn cargo_program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"))
}

/// The number of crates that a dependent of `package` builds, the package itself included.
pub(crate) fn count_crates(folder: &Path, package: &str) -> Result<usize, String> {
    let mut tree = Command::new(cargo_program());
    tree.args(["tree", "--package", package, "--edges", "normal,build", "--prefix", "none", "--format", "{p}"]);
    let output = capture(tree.current_dir(folder))?;
    let crates: BTreeSet<_> = output.lines().map(|line| line.split(" (").next().unwrap_or(line)).collect();
    Ok(crates.len())
}
