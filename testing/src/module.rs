//! The modules that a test loads into a server.

use crate::{
    Vendor,
    binary::Binary,
    server::{Builder, Server},
};
use std::{env, path::PathBuf};

/// A module of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Module {
    /// RedisBloom: Bloom and Cuckoo filters, count-min sketches, top-k lists and t-digests.
    Bloom,
    /// ReJSON.
    Json,
    /// RediSearch.
    Search,
    /// RedisTimeSeries.
    TimeSeries,
}

impl Module {
    /// Starts a server with the module. Returns `None` where `TYPEDIS_MODULES`, which `cargo xtask test` sets, names no folder with
    /// it, and for a server that is too old for it.
    pub async fn server(self) -> Option<Server> {
        self.server_from(Server::builder()).await
    }

    /// Starts a server with the module in the way of [`server`](Module::server), from these settings.
    pub async fn server_from(self, settings: Builder) -> Option<Server> {
        let folder = PathBuf::from(env::var_os("TYPEDIS_MODULES").filter(|folder| !folder.is_empty())?);
        let file = folder.join(self.file());
        let binary = Binary::find().ok().flatten()?;
        let is_here = file.is_file() && self.libraries().iter().all(|library| folder.join(library).is_file());
        if !is_here || !self.loads_into(&binary) {
            return None;
        }
        let binary = if self.libraries().is_empty() { binary } else { binary.with_libraries(&folder) };
        let started = settings.arg("loadmodule", &file.to_string_lossy()).start_with(binary).await;
        Some(started.unwrap_or_else(|error| panic!("{error}")))
    }

    /// The libraries that the module needs and current systems do not have, which lie beside it.
    fn libraries(self) -> &'static [&'static str] {
        match self {
            Module::TimeSeries => &["libssl.so.1.1", "libcrypto.so.1.1"],
            Module::Bloom | Module::Json | Module::Search => &[],
        }
    }

    fn file(self) -> &'static str {
        match self {
            Module::Bloom => "redisbloom.so",
            Module::Json => "rejson.so",
            Module::Search => "redisearch.so",
            Module::TimeSeries => "redistimeseries.so",
        }
    }

    fn loads_into(self, binary: &Binary) -> bool {
        match binary.version() {
            Some((Vendor::Valkey, _)) => true,
            Some((Vendor::Redis, version)) => match self {
                Module::Bloom | Module::Json => version >= (7, 0, 0),
                Module::Search => version >= (8, 0, 0),
                Module::TimeSeries => version >= (6, 2, 0),
            },
            None => false,
        }
    }
}
