//! Clean debug builds of a program that does nothing but depend on a crate.

use crate::{
    clock::Clock,
    shell::{capture, log},
    workspace::{REDIS_RS, cargo_program, count_crates},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// A crate and the fastest of its clean debug builds so far.
pub(crate) struct CleanBuild {
    pub(crate) name: &'static str,
    /// Wall time in seconds.
    pub(crate) wall: f64,
    /// CPU time in seconds.
    pub(crate) cpu: f64,
    /// The number of crates that are built.
    pub(crate) crates: usize,
    dependency: String,
    folder: PathBuf,
}

impl CleanBuild {
    pub(crate) fn of_checkout(name: &'static str, checkout: &Path, target: &Path) -> Self {
        Self::new(name, format!("typedis = {{ path = {checkout:?} }}"), target)
    }

    pub(crate) fn of_redis_rs(target: &Path) -> Self {
        let dependency = format!("redis = {{ version = \"={REDIS_RS}\", features = [\"tokio-comp\"] }}");
        Self::new("redis-rs", dependency, target)
    }

    fn new(name: &'static str, dependency: String, target: &Path) -> Self {
        let folder = target.join("clean-builds").join(name);
        CleanBuild { name, wall: f64::INFINITY, cpu: f64::INFINITY, crates: 0, dependency, folder }
    }

    /// Builds once, the downloads not counted.
    pub(crate) fn run(&mut self) -> Result<(), String> {
        log(&format!("a clean debug build of {}", self.name));
        let target = self.folder.join("target");
        let _ = fs::remove_dir_all(&target);
        self.write().map_err(|error| format!("{}: {error}", self.folder.display()))?;
        capture(Command::new(cargo_program()).arg("fetch").current_dir(&self.folder))?;
        self.crates = count_crates(&self.folder, "clean-build")? - 1;
        let mut build = Command::new(cargo_program());
        build.args(["build", "--target-dir"]).arg(&target).current_dir(&self.folder);
        let (clock, started) = (Clock::start(), Instant::now());
        capture(&mut build)?;
        self.wall = self.wall.min(started.elapsed().as_secs_f64());
        self.cpu = self.cpu.min(clock.elapsed());
        Ok(())
    }

    fn write(&self) -> std::io::Result<()> {
        fs::create_dir_all(self.folder.join("src"))?;
        let package = "[package]\nname = \"clean-build\"\nversion = \"0.0.0\"\nedition = \"2024\"";
        let manifest = format!("[workspace]\n{package}\n[dependencies]\n{}\n", self.dependency);
        fs::write(self.folder.join("Cargo.toml"), manifest)?;
        fs::write(self.folder.join("src/main.rs"), "fn main() {}\n")
    }
}
