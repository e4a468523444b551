//! Packages of Debian's archive, unpacked into a folder instead of installed.

use crate::shell::{capture, log, run};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// How often missing libraries are looked for, because a library depends on other libraries.
const ROUNDS: usize = 5;

/// Downloads `packages`, each `NAME` or `NAME=VERSION`, and unpacks them into `folder`, with the packages of the shared
/// libraries that `programs` (paths in the folder) lack.
pub(crate) fn unpack(folder: &Path, packages: &[String], programs: &[&str]) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    download(folder, packages)?;
    for _ in 0..ROUNDS {
        extract(folder)?;
        let mut missing = Vec::new();
        for program in programs {
            missing.extend(missing_libraries(&folder.join(program), folder)?);
        }
        if missing.is_empty() {
            break;
        }
        missing.sort();
        missing.dedup();
        download(folder, &missing.iter().map(|library| package_of(library)).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Runs `get`, and once more with fresh package lists where it fails, because a new machine has no lists and an old one
/// has stale ones.
pub(crate) fn with_fresh_lists<T>(get: impl Fn() -> Result<T, String>) -> Result<T, String> {
    let first = get();
    if first.is_ok() || !is_root() {
        return first;
    }
    log("apt-get does not find the package, so its lists are updated");
    run(Command::new("apt-get").arg("update"))?;
    get()
}

/// The versions of a package in the archive, the newest first.
pub(crate) fn versions(package: &str) -> Result<Vec<String>, String> {
    let output = capture(Command::new("apt-cache").args(["madison", package]))?;
    let versions = output.lines().filter_map(|line| line.split('|').nth(1));
    Ok(versions.map(|version| version.trim().to_owned()).collect())
}

/// Every folder of shared libraries in `folder`, such as `usr/lib/x86_64-linux-gnu`, in the form of `LD_LIBRARY_PATH`.
pub(crate) fn library_path(folder: &Path) -> String {
    let mut found: Vec<PathBuf> = Vec::new();
    for parent in ["lib", "usr/lib"].map(|parent| folder.join(parent)) {
        let children = fs::read_dir(&parent).into_iter().flatten().flatten().map(|entry| entry.path());
        found.extend(children.filter(|child| child.to_string_lossy().ends_with("-linux-gnu")));
    }
    let paths: Vec<_> = found.iter().map(|path| path.to_string_lossy()).collect();
    paths.join(":")
}

fn download(folder: &Path, packages: &[String]) -> Result<(), String> {
    run(Command::new("apt-get").arg("download").args(packages).current_dir(folder))
}

fn extract(folder: &Path) -> Result<(), String> {
    let files = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for package in files.flatten().map(|entry| entry.path()).filter(|path| is_package(path)) {
        run(Command::new("dpkg-deb").arg("-x").arg(&package).arg(folder))?;
        fs::remove_file(&package).map_err(|error| format!("{}: {error}", package.display()))?;
    }
    Ok(())
}

fn is_package(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "deb")
}

fn missing_libraries(program: &Path, folder: &Path) -> Result<Vec<String>, String> {
    let output = capture(Command::new("ldd").arg(program).env("LD_LIBRARY_PATH", library_path(folder)))?;
    Ok(output.lines().filter_map(missing_library).map(str::to_owned).collect())
}

/// `libjemalloc.so.2` of the line `libjemalloc.so.2 => not found`.
fn missing_library(line: &str) -> Option<&str> {
    line.trim().strip_suffix("=> not found").map(str::trim)
}

/// The package of a library by Debian's rule: `liblzf.so.1` is in `liblzf1`, `liblz4.so.1` in `liblz4-1`. LLVM's
/// packages carry the major version only.
fn package_of(library: &str) -> String {
    let (name, version) = library.split_once(".so.").unwrap_or((library, ""));
    if name == "libLLVM" {
        return format!("libllvm{}", version.split('.').next().unwrap_or(version));
    }
    let hyphen = if name.ends_with(|last: char| last.is_ascii_digit()) { "-" } else { "" };
    format!("{}{hyphen}{version}", name.replace('_', "-"))
}

fn is_root() -> bool {
    capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_is_not_found_leads_to_its_package() {
        let line = "\tliblz4.so.1 => not found";
        assert_eq!(missing_library(line).map(package_of).as_deref(), Some("liblz4-1"));
        assert_eq!(package_of("libjemalloc.so.2"), "libjemalloc2");
        assert_eq!(package_of("libhttp_parser.so.2.9"), "libhttp-parser2.9");
        assert_eq!(package_of("libLLVM.so.19.1"), "libllvm19");
        assert_eq!(missing_library("\tlibm.so.6 => /lib/libm.so.6 (0x1)"), None);
    }
}
