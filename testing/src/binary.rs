//! The server program, and the way to configure it.

use crate::{
    Error, Vendor,
    identity::{Version, parse_version},
};
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A server program and the way to configure it.
#[derive(Clone, Debug)]
pub(crate) struct Binary {
    path: PathBuf,
    libraries: Option<OsString>,
    dialect: Dialect,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Dialect {
    /// Redis and Valkey: by a configuration file.
    File,
    /// meebis: by flags.
    Flags,
}

impl Binary {
    /// Finds the server that `TYPEDIS_SERVER` names, else `redis-server` or `valkey-server` on the `PATH`.
    ///
    /// Returns `Ok(None)` if there is none; a `TYPEDIS_SERVER` that does not exist is an error.
    pub(crate) fn find() -> Result<Option<Self>, Error> {
        let Some(named) = env::var_os("TYPEDIS_SERVER").filter(|path| !path.is_empty()) else {
            return Ok(on_path(&["redis-server", "valkey-server"]).map(|path| Self::new(path, Dialect::File)));
        };
        let path = PathBuf::from(named);
        if !path.is_file() {
            return Err(Error(format!("TYPEDIS_SERVER names {}, which is no file", path.display())));
        }
        let libraries = env::var_os("TYPEDIS_SERVER_LIBS").filter(|path| !path.is_empty());
        Ok(Some(Self { libraries, ..Self::new(path, Dialect::File) }))
    }

    /// Finds the server as [`find`](Self::find) does; none is an error.
    pub(crate) fn required() -> Result<Self, Error> {
        Self::find()?.ok_or_else(|| Error(NO_SERVER.to_owned()))
    }

    pub(crate) fn new(path: PathBuf, dialect: Dialect) -> Self {
        Self { path, libraries: None, dialect }
    }

    /// Looks for libraries in `folder` first.
    pub(crate) fn with_libraries(self, folder: &Path) -> Self {
        let mut libraries = folder.as_os_str().to_owned();
        if let Some(others) = &self.libraries {
            libraries.push(":");
            libraries.push(others);
        }
        Self { libraries: Some(libraries), ..self }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The program's own name, such as `valkey-server`.
    pub(crate) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Returns whether the program was built with TLS, by starting it with TLS and without a certificate. It exits at
    /// once, and only one with TLS complains of the missing certificate.
    pub(crate) fn speaks_tls(&self) -> bool {
        let told = self.program().args(["--port", "0", "--tls-port", "1"]).stdin(Stdio::null()).output();
        told.is_ok_and(|told| String::from_utf8_lossy(&told.stdout).contains("tls-cert-file"))
    }

    /// Asks the program for its vendor and version, such as `Valkey server v=9.1.2 sha=..`; a server that runs reports
    /// them in INFO.
    pub(crate) fn version(&self) -> Option<(Vendor, Version)> {
        let told = self.program().arg("--version").stdin(Stdio::null()).output().ok()?;
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let vendor = if told.starts_with("Valkey") { Vendor::Valkey } else { Vendor::Redis };
        let version = told.split_whitespace().find_map(|word| word.strip_prefix("v="))?;
        Some((vendor, parse_version(version)?))
    }

    /// Returns whether a cluster of this program has databases: Valkey's from 9.0 on.
    pub(crate) fn has_cluster_databases(&self) -> bool {
        matches!(self.version(), Some((Vendor::Valkey, version)) if version >= (9, 0, 0))
    }

    /// Returns whether a node of a cluster of this program can tell clients a host of its own: all but Redis before 7.0.
    pub(crate) fn announces_hosts(&self) -> bool {
        matches!(self.version(), Some((_, version)) if version >= (7, 0, 0))
    }

    pub(crate) fn command(&self, port: u16, config: &Path) -> Command {
        let mut command = self.program();
        match self.dialect {
            Dialect::File => command.arg(config),
            Dialect::Flags => command.arg("--port").arg(port.to_string()),
        };
        command
    }

    fn program(&self) -> Command {
        let mut command = Command::new(&self.path);
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command
    }
}

const NO_SERVER: &str = "no Redis server: install redis-server or valkey-server, let TYPEDIS_SERVER name one, or run \
                         `cargo xtask test`, which gets its own";

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let places = || env::split_paths(&path);
    names.iter().find_map(|name| places().map(|place| place.join(name)).find(|file| file.is_file()))
}
