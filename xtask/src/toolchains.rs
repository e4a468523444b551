//! The oldest and the newest Rust that the library is checked with, from Debian's archive.

use crate::{
    debian,
    shell::{capture, log, run_with},
    summary::{Check, Tally},
    workspace::{root, target_directory},
};
use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// The oldest supported Rust: `rust-version` of the workspace.
const FLOOR: &str = env!("CARGO_PKG_RUST_VERSION");

/// A cargo and a rustc in a folder, not installed.
struct Toolchain {
    /// Such as `1.85.0`.
    version: String,
    folder: PathBuf,
}

/// Runs the checks alone and prints their results.
pub(crate) fn run() -> Result<ExitCode, String> {
    let root = root();
    let checks = check(&root, &target_directory(&root)?)?;
    checks.iter().for_each(|check| println!("{check}"));
    Ok(if checks.iter().all(|check| check.passed) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks the library with the oldest supported Rust and with the newest of the archive, and the misuse programs with the
/// newest. A toolchain that cannot be got is no failure, because other systems than Debian lack the archive.
pub(crate) fn check(root: &Path, target: &Path) -> Result<Vec<Check>, String> {
    let folder = target.join("toolchains");
    let mut checks = Vec::new();
    match Toolchain::get(&folder.join(format!("rust-{FLOOR}")), Some(FLOOR)) {
        Ok(floor) => checks.extend(floor.check_library(root)?),
        Err(reason) => checks.push(Check::skipped(&format!("Rust {FLOOR}"), &reason)),
    }
    match Toolchain::get(&folder.join("rust-newest"), None) {
        Ok(newest) if minor(&newest.version) > minor(&own_version()?) => {
            checks.extend(newest.check_library(root)?);
            checks.push(newest.check_misuse(root)?);
        }
        Ok(newest) => {
            let reason = format!("{} is not newer than the Rust of this machine", newest.version);
            checks.push(Check::skipped("the newest Rust", &reason));
        }
        Err(reason) => checks.push(Check::skipped("the newest Rust", &reason)),
    }
    Ok(checks)
}

impl Toolchain {
    const PROGRAMS: [&str; 2] = ["usr/bin/rustc", "usr/bin/cargo"];

    /// The toolchain in `folder`, which is downloaded the first time: of `series`, or the newest of the archive.
    fn get(folder: &Path, series: Option<&str>) -> Result<Self, String> {
        if let Ok(toolchain) = Self::probe(folder) {
            return Ok(toolchain);
        }
        debian::with_fresh_lists(|| {
            let version = archived(series)?;
            log(&format!("getting Rust {version}"));
            debian::unpack(folder, &packages(&version), &Self::PROGRAMS)
        })?;
        Self::probe(folder)
    }

    /// Runs both programs, which proves that they start on this machine.
    fn probe(folder: &Path) -> Result<Self, String> {
        let mut toolchain = Toolchain { version: String::new(), folder: folder.to_path_buf() };
        capture(toolchain.command("cargo").arg("--version"))?;
        let output = capture(toolchain.command("rustc").arg("--version"))?;
        let version = output.split(' ').nth(1).ok_or_else(|| format!("rustc tells no version: {output}"))?;
        toolchain.version = version.to_owned();
        Ok(toolchain)
    }

    /// Both feature sets of the library. Dev-dependencies are left out, because some need a newer Rust than typedis does.
    fn check_library(&self, root: &Path) -> Result<Vec<Check>, String> {
        ["--all-features", "--no-default-features"]
            .into_iter()
            .map(|features| {
                let mut cargo = self.cargo(root, "check");
                cargo.args(["--lib", "--package", "typedis", features]);
                let name = format!("Rust {}: library, {features}", self.version);
                Ok(Check { name, passed: run_with(&mut cargo, |_| ())?, note: String::new() })
            })
            .collect()
    }

    /// The compile-fail programs, whose messages a newer compiler may word or place differently.
    fn check_misuse(&self, root: &Path) -> Result<Check, String> {
        let mut tally = Tally::default();
        let mut cargo = self.cargo(root, "test");
        cargo.args(["--package", "typedis", "--all-features", "--test", "misuse"]);
        let passed = run_with(&mut cargo, |line| tally.read(line))?;
        let note = format!("{} passed, {} failed", tally.passed, tally.failed);
        Ok(Check { name: format!("Rust {}: tests/misuse", self.version), passed, note })
    }

    /// A subcommand of the toolchain's own cargo, with a target directory of its own so that no other build is repeated.
    fn cargo(&self, root: &Path, subcommand: &str) -> Command {
        let mut command = self.command("cargo");
        command.args([subcommand, "--locked", "--target-dir"]).arg(self.folder.join("target"));
        command.env("RUSTC", self.program("rustc")).env("RUSTDOC", self.program("rustdoc"));
        command.env_remove("RUSTFLAGS").current_dir(root);
        command
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.program(program));
        command.env("LD_LIBRARY_PATH", debian::library_path(&self.folder));
        command
    }

    fn program(&self, name: &str) -> PathBuf {
        self.folder.join("usr/bin").join(name)
    }
}

/// The version of the archive that belongs to `series`, or the newest one.
fn archived(series: Option<&str>) -> Result<String, String> {
    let versions = debian::versions("rustc-web")?;
    let found = versions.into_iter().find(|version| series.is_none_or(|series| minor(version) == minor(series)));
    found.ok_or_else(|| "apt-cache knows no such rustc-web".to_owned())
}

/// The packages of a version such as `1.85.0+dfsg3-1~deb12u3`.
fn packages(version: &str) -> Vec<String> {
    let runtime = format!("libstd-rust-web-{}", series_of(version));
    let names = ["rustc-web", "cargo-web", "libstd-rust-web-dev", &runtime];
    names.map(|name| format!("{name}={version}")).to_vec()
}

fn series_of(version: &str) -> String {
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

/// The 85 of `1.85.0`; Rust 1 has no other major version to compare.
fn minor(version: &str) -> Option<u32> {
    version.split('.').nth(1)?.parse().ok()
}

/// The version of the rustc that xtask's cargo uses.
fn own_version() -> Result<String, String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = capture(Command::new(rustc).arg("--version"))?;
    Ok(output.split(' ').nth(1).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_names_its_packages() {
        let packages = packages("1.85.0+dfsg3-1~deb12u3");
        assert_eq!(packages[0], "rustc-web=1.85.0+dfsg3-1~deb12u3");
        assert_eq!(packages[3], "libstd-rust-web-1.85=1.85.0+dfsg3-1~deb12u3");
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert!(minor("1.100.0") > minor("1.96.0"));
        assert_eq!(minor("1.85.0+dfsg3-1~deb12u3"), minor(FLOOR));
    }
}
