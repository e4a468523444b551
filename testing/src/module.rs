//! The modules that a test loads into a server.

use crate::{Vendor, binary::Binary, server::Server};
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
        let file = PathBuf::from(env::var_os("TYPEDIS_MODULES").filter(|folder| !folder.is_empty())?).join(self.file());
        let binary = Binary::find().ok().flatten()?;
        if !file.is_file() || !self.loads_into(&binary) {
            return None;
        }
        Some(Server::builder().arg("loadmodule", &file.to_string_lossy()).start().await)
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
                Module::Search | Module::TimeSeries => version >= (8, 0, 0),
            },
            None => false,
        }
    }
}
