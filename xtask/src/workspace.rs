use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use crate::shell::ask;

/// The workspace's own folder.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

/// Where cargo puts what it makes. Asks cargo, which alone knows: a variable and two configuration files may move it.
pub(crate) fn target_directory(root: &Path) -> Result<PathBuf, String> {
    let mut metadata = Command::new(cargo_program());
    metadata.args(["metadata", "--no-deps", "--format-version=1"]).current_dir(root);
    let told = ask(&mut metadata)?;
    let (_, rest) = told.split_once(r#""target_directory":""#).ok_or("cargo metadata names no target directory")?;
    let (target, _) = rest.split_once('"').ok_or("cargo metadata broke off")?;
    Ok(PathBuf::from(target))
}

/// The cargo that runs this.
pub(crate) fn cargo_program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"))
}
