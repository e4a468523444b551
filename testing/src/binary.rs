use crate::error::Error;
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A server program.
#[derive(Clone, Debug)]
pub(crate) struct Binary {
    path: PathBuf,
    libraries: Option<OsString>,
    settings: SettingsBy,
}

/// How a program takes its settings.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SettingsBy {
    /// By a configuration file, as Redis and Valkey do.
    File,
    /// By command-line flags, as meebis does.
    Flags,
}

impl Binary {
    /// Finds the server at `TYPEDIS_SERVER`, else `redis-server` or `valkey-server` of the `PATH`.
    ///
    /// Returns `Ok(None)` where there is none; a `TYPEDIS_SERVER` that does not exist is an error.
    pub(crate) fn find() -> Result<Option<Self>, Error> {
        let Some(named) = env::var_os("TYPEDIS_SERVER").filter(|path| !path.is_empty()) else {
            return Ok(on_path(&["redis-server", "valkey-server"]).map(|path| Self::new(path, SettingsBy::File)));
        };
        let path = PathBuf::from(named);
        if !path.is_file() {
            return Err(Error(format!("TYPEDIS_SERVER is {}, which is no file", path.display())));
        }
        let libraries = env::var_os("TYPEDIS_SERVER_LIBS").filter(|path| !path.is_empty());
        Ok(Some(Self { libraries, ..Self::new(path, SettingsBy::File) }))
    }

    pub(crate) fn new(path: PathBuf, settings: SettingsBy) -> Self {
        Self { path, libraries: None, settings }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The program's file name, such as `valkey-server`.
    pub(crate) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Starts the program with a TLS port and no certificate: a program built with TLS reports the missing certificate, and
    /// every program exits at once.
    pub(crate) fn supports_tls(&self) -> bool {
        let mut command = Command::new(&self.path);
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        let output = command.args(["--port", "0", "--tls-port", "1"]).stdin(Stdio::null()).output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("tls-cert-file"))
    }

    pub(crate) fn command(&self, port: u16, config: &Path) -> Command {
        let mut command = Command::new(&self.path);
        match self.settings {
            SettingsBy::File => command.arg(config),
            SettingsBy::Flags => command.arg("--port").arg(port.to_string()),
        };
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command
    }
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let places = || env::split_paths(&path);
    names.iter().find_map(|name| places().map(|place| place.join(name)).find(|file| file.is_file()))
}
