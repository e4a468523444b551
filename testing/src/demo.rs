//! The server of an example: one that is there, or one that is installed for it.

use crate::{
    Error, Server,
    binary::{Binary, Dialect},
};
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio, exit},
};

const MEEBIS: &str = "0.15.0";

/// A server for an example. It is stopped when this value is dropped, if it was started for the example.
#[derive(Debug)]
pub struct DemoServer {
    url: String,
    description: String,
    _server: Option<Server>,
}

/// Finds or starts a server for an example, so that it runs on any machine that has cargo.
///
/// That is the server at `REDIS_URL`; else a fresh `redis-server` or `valkey-server` of the `PATH`; else meebis, a
/// small server in Rust, which is installed into the target directory the first time. Without any, it prints the reason
/// and exits.
pub async fn demo_server() -> DemoServer {
    DemoServer::start().await.unwrap_or_else(|error| {
        eprintln!("This example needs a server: {error}");
        exit(1)
    })
}

impl DemoServer {
    /// The same as [`demo_server`], with an error instead of an exit.
    pub async fn start() -> Result<Self, Error> {
        if let Some(url) = env::var("REDIS_URL").ok().filter(|url| !url.is_empty()) {
            return Ok(Self { url, description: "the server that REDIS_URL names".to_owned(), _server: None });
        }
        match Binary::find()? {
            Some(binary) => {
                let server = Server::builder().start_with(binary).await?;
                Ok(Self::started(server.description(), server))
            }
            None => {
                let server = Server::builder().start_with(meebis()?).await?;
                // The version in its INFO is that of the Redis it resembles.
                Ok(Self::started(format!("meebis {MEEBIS}"), server))
            }
        }
    }

    /// The URL to connect to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// One line on what server this is, such as `redis-server 7.0.15 (started for this run, port 40123)`.
    pub fn describe(&self) -> &str {
        &self.description
    }

    fn started(what: String, server: Server) -> Self {
        let description = format!("{what} (started for this run, port {})", server.port());
        Self { url: server.url(), description, _server: Some(server) }
    }
}

fn meebis() -> Result<Binary, Error> {
    let root = target_directory()?.join("servers");
    let program = root.join(format!("bin/meebis{}", env::consts::EXE_SUFFIX));
    if !program.is_file() {
        install_meebis(&root)?;
    }
    Ok(Binary::new(program, Dialect::Flags))
}

fn install_meebis(root: &Path) -> Result<(), Error> {
    eprintln!("No redis-server or valkey-server on this machine.");
    eprintln!("Installing meebis {MEEBIS}, a small server in Rust, into {} (once, about 40 s):", root.display());
    let status = Command::new(cargo())
        .args(["install", "meebis", "--version", MEEBIS, "--locked", "--root"])
        .arg(root)
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Error(format!("there is none, and cargo could not be run to install one: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Error(
        "there is none, and `cargo install meebis` failed. Install redis-server or valkey-server, or set \
         REDIS_URL, for example to redis://127.0.0.1:6379"
            .to_owned(),
    ))
}

/// Asks cargo for the target directory, because a variable and two configuration files may move it.
fn target_directory() -> Result<PathBuf, Error> {
    let told = Command::new(cargo())
        .args(["metadata", "--no-deps", "--format-version=1", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .map_err(|error| Error(format!("there is none, and cargo could not be run to install one: {error}")))?;
    let told = String::from_utf8_lossy(&told.stdout);
    let target = told.split_once(r#""target_directory":""#).and_then(|(_, rest)| rest.split_once('"'));
    match target {
        Some((target, _)) => Ok(PathBuf::from(target)),
        None => Err(Error("there is none, and cargo does not say where its target directory is".to_owned())),
    }
}

fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
