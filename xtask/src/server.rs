//! A server program that runs on this machine.

use crate::shell::capture;
use std::{path::PathBuf, process::Command};

/// A server program that runs on this machine.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) version: String,
    pub(crate) source: String,
    pub(crate) program: PathBuf,
    /// The folders of its shared libraries in the form of `LD_LIBRARY_PATH`; empty where the system has all libraries.
    pub(crate) libraries: String,
}

impl Server {
    /// Runs `program --version`, which also proves that the program starts on this machine.
    pub(crate) fn probe(program: PathBuf, source: &str, libraries: String) -> Result<Self, String> {
        let mut server = Server { version: String::new(), source: source.to_owned(), program, libraries };
        let output = capture(server.command().arg("--version"))?;
        let version = output.split_whitespace().find_map(|word| word.strip_prefix("v="));
        server.version =
            version.ok_or_else(|| format!("{} is not a server: {output}", server.program.display()))?.to_owned();
        Ok(server)
    }

    /// The program with the library path that it needs.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        if !self.libraries.is_empty() {
            command.env("LD_LIBRARY_PATH", &self.libraries);
        }
        command
    }

    /// Starts the server with a TLS port and no certificate: a server built with TLS reports the missing certificate,
    /// and every server exits at once.
    pub(crate) fn supports_tls(&self) -> bool {
        let output = self.command().args(["--port", "0", "--tls-port", "1"]).output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("tls-cert-file"))
    }
}
