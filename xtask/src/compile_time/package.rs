//! A package that depends on a checkout of typedis, as a user's would.

use crate::{
    clock::Clock,
    programs::Program,
    shell::capture,
    workspace::{REDIS_RS, cargo_program},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A package with one binary for each program.
pub(crate) struct Package {
    folder: PathBuf,
    /// The path of typedis that has the kinds of typed keys.
    kinds: &'static str,
}

impl Package {
    /// Writes the package into `folder` and checks everything once.
    pub(crate) fn create(checkout: &Path, folder: PathBuf, programs: &[Program]) -> Result<Self, String> {
        // Programs of an earlier run may not compile any more.
        let _ = fs::remove_dir_all(folder.join("src"));
        let binaries = folder.join("src/bin");
        fs::create_dir_all(&binaries).map_err(|error| format!("{}: {error}", binaries.display()))?;
        let lib = fs::read_to_string(checkout.join("src/lib.rs")).map_err(|error| format!("src/lib.rs: {error}"))?;
        let kinds = if lib.contains("pub mod key") { "typedis::key" } else { "typedis" };
        let package = Package { folder, kinds };
        package.write("Cargo.toml", &manifest(checkout))?;
        for program in programs {
            package.write_program(*program, 0)?;
        }
        package.check(&["--bins"])?;
        Ok(package)
    }

    /// The seconds that one program takes to check again after a change in it.
    pub(crate) fn measure(&self, program: Program, round: usize) -> Result<f64, String> {
        self.write_program(program, round)?;
        let clock = Clock::start();
        self.check(&["--offline", "--bin", &program.name()])?;
        Ok(clock.elapsed())
    }

    /// The seconds that typedis itself takes to check, its dependencies checked already.
    pub(crate) fn measure_typedis(&self) -> Result<f64, String> {
        capture(self.cargo("clean").args(["--offline", "--package", "typedis"]))?;
        let clock = Clock::start();
        self.check(&["--offline", "--package", "typedis"])?;
        Ok(clock.elapsed())
    }

    fn write_program(&self, program: Program, round: usize) -> Result<(), String> {
        let path = format!("src/bin/{}.rs", program.name());
        self.write(&path, &format!("// round {round}\n{}", program.source(self.kinds)))
    }

    fn write(&self, path: &str, text: &str) -> Result<(), String> {
        let path = self.folder.join(path);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
    }

    fn check(&self, arguments: &[&str]) -> Result<(), String> {
        capture(self.cargo("check").args(arguments)).map(drop)
    }

    fn cargo(&self, subcommand: &str) -> Command {
        let mut cargo = Command::new(cargo_program());
        cargo.args([subcommand, "--quiet", "--target-dir"]).arg(self.folder.join("target"));
        cargo.current_dir(&self.folder).env_remove("RUSTFLAGS");
        cargo
    }
}

fn manifest(checkout: &Path) -> String {
    format!(
        r#"[workspace]

[package]
name = "compile-time"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
frunk_core = {{ version = "0.5", default-features = false }}
redis = {{ version = "={REDIS_RS}", default-features = false, features = ["aio", "tokio-comp"] }}
typedis = {{ path = {checkout:?} }}

[profile.dev]
incremental = false
"#
    )
}
