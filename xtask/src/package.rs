//! The packages as they would be published, tested apart from the workspace.

use crate::{
    shell::{capture, run as run_command},
    workspace::{cargo_program, root, target_directory},
};
use std::{fs, path::Path, process::Command};

/// The published crates in the order of publication.
const CRATES: [&str; 2] = ["typedis-macros", "typedis"];

/// Packages the crates, unpacks them, and runs the tests that come with typedis. Cargo's own verification is left out,
/// because it builds typedis with the first macros of this version that it ever packaged on the machine.
pub(crate) fn run() -> Result<(), String> {
    let root = root();
    let target = target_directory(&root)?;
    let folder = target.join("package-test");
    let version = version(&root)?;
    let mut package = Command::new(cargo_program());
    package.args(["package", "--allow-dirty", "--no-verify"]).args(CRATES.iter().flat_map(|name| ["--package", *name]));
    run_command(package.current_dir(&root))?;
    for name in CRATES {
        let package = format!("{name}-{version}");
        unpack(&target.join(format!("package/{package}.crate")), &folder, &package)?;
    }
    let typedis = folder.join(format!("typedis-{version}"));
    patch(&typedis.join("Cargo.toml"), &version)?;
    let mut test = Command::new(cargo_program());
    test.args(["test", "--all-features", "--target-dir"]).arg(folder.join("target"));
    run_command(test.current_dir(&typedis))
}

/// The version that both crates share, from a package id such as `path+file:///typedis#0.1.0` or `..#typedis@0.1.0`.
fn version(root: &Path) -> Result<String, String> {
    let id = capture(Command::new(cargo_program()).args(["pkgid", "--package", "typedis"]).current_dir(root))?;
    let (_, version) = id.trim().rsplit_once(['#', '@']).ok_or_else(|| format!("no version in {id}"))?;
    Ok(version.to_owned())
}

fn unpack(archive: &Path, folder: &Path, name: &str) -> Result<(), String> {
    let _ = fs::remove_dir_all(folder.join(name));
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    capture(Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(folder)).map(drop)
}

/// Makes the package a workspace of its own, with the unpacked macros in place of those of the registry.
fn patch(manifest: &Path, version: &str) -> Result<(), String> {
    let error = |error| format!("{}: {error}", manifest.display());
    let text = fs::read_to_string(manifest).map_err(error)?;
    let macros = format!("typedis-macros = {{ path = \"../typedis-macros-{version}\" }}");
    fs::write(manifest, format!("{text}\n[workspace]\n\n[patch.crates-io]\n{macros}\n")).map_err(error)
}
