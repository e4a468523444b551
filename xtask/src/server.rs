//! A server program that runs on this machine.

use crate::shell::capture;
use std::{
    fmt,
    path::{Path, PathBuf},
    process::Command,
};

/// Who made a server. Both vendors have releases of the same number, which are different servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vendor {
    Redis,
    Valkey,
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Vendor::Redis => "Redis",
            Vendor::Valkey => "Valkey",
        })
    }
}

/// A server program that runs on this machine.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) vendor: Vendor,
    pub(crate) version: String,
    pub(crate) source: String,
    pub(crate) program: PathBuf,
    /// The folders of its shared libraries in the form of `LD_LIBRARY_PATH`; empty where the system has all libraries.
    pub(crate) libraries: String,
    /// The folder of the modules that tests load into it, if they could be got.
    pub(crate) modules: Option<PathBuf>,
}

impl Server {
    /// Runs `program --version`, which also proves that the program starts on this machine.
    pub(crate) fn probe(program: PathBuf, source: &str, libraries: String) -> Result<Self, String> {
        let output = capture(command(&program, &libraries).arg("--version"))?;
        let (vendor, version) =
            identity(&output).ok_or_else(|| format!("{} is no server: {output}", program.display()))?;
        Ok(Server { vendor, version: version.to_owned(), source: source.to_owned(), program, libraries, modules: None })
    }

    /// The vendor and the version, such as `Valkey 9.1.2`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.vendor, self.version)
    }

    /// The program with the library path that it needs.
    pub(crate) fn command(&self) -> Command {
        command(&self.program, &self.libraries)
    }

    /// Starts the server with a TLS port and no certificate: a server built with TLS reports the missing certificate,
    /// and every server exits at once.
    pub(crate) fn supports_tls(&self) -> bool {
        let output = self.command().args(["--port", "0", "--tls-port", "1"]).output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("tls-cert-file"))
    }
}

fn command(program: &Path, libraries: &str) -> Command {
    let mut command = Command::new(program);
    if !libraries.is_empty() {
        command.env("LD_LIBRARY_PATH", libraries);
    }
    command
}

/// The vendor and the version in the output of `--version`, such as `Redis server v=7.0.15 sha=..`.
fn identity(output: &str) -> Option<(Vendor, &str)> {
    let vendor = match output.split_whitespace().next()? {
        "Redis" => Vendor::Redis,
        "Valkey" => Vendor::Valkey,
        _ => return None,
    };
    let version = output.split_whitespace().find_map(|word| word.strip_prefix("v="))?;
    Some((vendor, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_tells_its_vendor_and_version() {
        let told = |output| identity(output).map(|(vendor, version)| format!("{vendor} {version}"));
        assert_eq!(told("Redis server v=7.0.15 sha=00000000:0 bits=64").as_deref(), Some("Redis 7.0.15"));
        assert_eq!(told("Valkey server v=9.1.2 sha=00000000:1 bits=64").as_deref(), Some("Valkey 9.1.2"));
        assert_eq!(told("coreutils v=9.1"), None);
    }
}
