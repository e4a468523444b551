use std::{fs, path::Path, process::Command, time::Instant};

use crate::{
    counts,
    shell::{ask, say},
    workspace::cargo_program,
};

/// A crate, what a clean debug build of it takes, and of how many crates it is made.
pub(crate) struct Build {
    pub(crate) name: &'static str,
    pub(crate) seconds: f64,
    pub(crate) crates: usize,
}

/// Builds a program that does nothing but depend on the crate: twice each in turn, of which the faster counts.
pub(crate) fn measure(root: &Path, target: &Path) -> Result<[Build; 2], String> {
    let place = target.join("clean-builds");
    let own = format!("typedis = {{ path = {root:?} }}");
    let peer = "redis = { version = \"=2.0.0-rc.2\", features = [\"tokio-comp\"] }";
    let mut builds = [("typedis", own.as_str()), ("redis-rs", peer)].map(|(name, _)| Build {
        name,
        seconds: f64::INFINITY,
        crates: 0,
    });
    for _ in 0..2 {
        for (build, dependency) in builds.iter_mut().zip([own.as_str(), peer]) {
            say(&format!("a clean debug build of {}", build.name));
            let (seconds, crates) = once(&place.join(build.name), dependency)?;
            (build.seconds, build.crates) = (build.seconds.min(seconds), crates);
        }
    }
    Ok(builds)
}

fn once(place: &Path, dependency: &str) -> Result<(f64, usize), String> {
    let _ = fs::remove_dir_all(place.join("target"));
    fs::create_dir_all(place.join("src")).map_err(|error| error.to_string())?;
    let manifest = format!(
        "[workspace]\n[package]\nname = \"clean-build\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\n{dependency}\n"
    );
    fs::write(place.join("Cargo.toml"), manifest).map_err(|error| error.to_string())?;
    fs::write(place.join("src/main.rs"), "fn main() {}\n").map_err(|error| error.to_string())?;
    ask(Command::new(cargo_program()).arg("fetch").current_dir(place))?;
    let crates = counts::crates_of(place, "clean-build")? - 1;
    let started = Instant::now();
    ask(Command::new(cargo_program()).args(["build", "--target-dir"]).arg(place.join("target")).current_dir(place))?;
    Ok((started.elapsed().as_secs_f64(), crates))
}
