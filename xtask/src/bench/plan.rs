//! The scenarios that are measured, and the bounds of their results.

/// One table of the page: the same work for every client.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// Its name in the bench program.
    pub(crate) work: &'static str,
    pub(crate) unit: &'static str,
    /// The units of one repetition.
    pub(crate) units: usize,
    pub(crate) unix: bool,
    pub(crate) threads: usize,
    pub(crate) servers: Servers,
    /// What the CPU of typedis is compared with first, then typedis, then its peers.
    pub(crate) clients: &'static [&'static str],
}

/// The servers of a scenario.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Servers {
    One,
    /// One with the module `ReJSON`.
    Modules,
    /// Three primaries.
    Cluster,
    /// Three nodes that answer canned bytes.
    Scripted,
}

impl Scenario {
    const fn new(name: &'static str, title: &'static str, work: &'static str, unit: &'static str) -> Self {
        Scenario {
            name,
            title,
            work,
            unit,
            units: 1,
            unix: false,
            threads: 1,
            servers: Servers::One,
            clients: &CLIENTS,
        }
    }
    const fn of(self, units: usize) -> Self {
        Scenario { units, ..self }
    }
    const fn unix(self) -> Self {
        Scenario { unix: true, ..self }
    }
    const fn on(self, servers: Servers, clients: &'static [&'static str]) -> Self {
        Scenario { servers, clients, ..self }
    }
    const fn two_threads(self) -> Self {
        Scenario { threads: 2, ..self }
    }
}

/// The hand-written floor comes first and typedis second; the others are its peers.
const CLIENTS: [&str; 5] = ["floor", "typedis", "redis-rs", "rustis", "fred"];

/// typedis on one server, in place of a floor.
pub(crate) const ONE_SERVER: &str = "one server";

const CLUSTER_CLIENTS: [&str; 5] = [ONE_SERVER, "typedis", "redis-rs", "rustis", "fred"];
/// fred splits no command by its keys.
const SPLITTING_CLIENTS: [&str; 4] = [ONE_SERVER, "typedis", "redis-rs", "rustis"];
/// rustis asks for the whole of COMMAND, which the scripted nodes do not know.
const SCRIPTED_CLIENTS: [&str; 4] = [ONE_SERVER, "typedis", "redis-rs", "fred"];

pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario::new("pairs-1000", "1000 SETs and 1000 GETs in one pipeline", "pairs-1000", "command").of(2000),
    Scenario::new("pairs-100", "100 SETs and 100 GETs in one pipeline", "pairs-100", "command").of(200),
    Scenario::new("atomic-1000", "1000 SETs and 1000 GETs in one transaction", "atomic-1000", "command").of(2000),
    Scenario::new("atomic-100", "100 SETs and 100 GETs in one transaction", "atomic-100", "command").of(200),
    Scenario::new("small-1", "One small transaction at a time", "small-1", "transaction"),
    Scenario::new("small-64", "64 tasks with small transactions", "small-64", "transaction"),
    Scenario::new("small-512", "512 tasks with small transactions", "small-512", "transaction"),
    Scenario::new("small-64-2threads", "64 tasks on two threads", "small-64", "transaction").two_threads(),
    Scenario::new("small-512-2threads", "512 tasks on two threads", "small-512", "transaction").two_threads(),
    Scenario::new("increment-1", "A watched increment, one task", "increment-1", "increment"),
    Scenario::new("increment-8", "A watched increment, eight tasks on one key", "increment-8", "increment"),
    Scenario::new("lrange-10000", "LRANGE of 10,000 elements", "lrange-10000", "call"),
    Scenario::new("hgetall-1000", "HGETALL of 1000 fields", "hgetall-1000", "call"),
    Scenario::new("set-1mib", "SET of 1 MiB", "set", "call"),
    Scenario::new("get-1mib", "GET of 1 MiB", "get", "call"),
    Scenario::new("xadd-1000", "XADD of 1000 entries in one pipeline", "xadd-1000", "entry").of(1000),
    Scenario::new("xreadgroup-1000", "XREADGROUP of 1000 entries as structs", "xreadgroup-1000", "entry").of(1000),
    Scenario::new("geosearch-1000", "GEOSEARCH of 1000 members with distances", "geosearch-1000", "member").of(1000),
    Scenario::new("structs-1000", "HGETALL of 1000 hashes as structs in one pipeline", "structs-1000", "hash").of(1000),
    Scenario::new("json-10kb", "JSON.GET of a document of 10 kB as a struct", "json", "call").on(Modules, &CLIENTS),
    Scenario::new("pairs-1000-unix", "1000 SETs and 1000 GETs, Unix socket", "pairs-1000", "command").of(2000).unix(),
    Scenario::new("small-1-unix", "One small transaction at a time, Unix socket", "small-1", "transaction").unix(),
    Scenario::new("small-64-unix", "64 tasks with small transactions, Unix socket", "small-64", "transaction").unix(),
    Scenario::new("set-1mib-unix", "SET of 1 MiB, Unix socket", "set", "call").unix(),
    Scenario::new("get-1mib-unix", "GET of 1 MiB, Unix socket", "get", "call").unix(),
    Scenario::new("cluster-small-64", "64 tasks with small transactions on three primaries", "small-64", "transaction")
        .on(Cluster, &CLUSTER_CLIENTS),
    Scenario::new(
        "cluster-small-512",
        "512 tasks with small transactions on three primaries",
        "small-512",
        "transaction",
    )
    .on(Cluster, &CLUSTER_CLIENTS),
    Scenario::new("cluster-gets-1000", "1000 GETs in one pipeline over all slots", "gets-1000", "command")
        .of(1000)
        .on(Cluster, &CLUSTER_CLIENTS),
    Scenario::new("cluster-mget-1000", "MGET of 1000 keys over all slots", "mget-1000", "key")
        .of(1000)
        .on(Cluster, &SPLITTING_CLIENTS),
    Scenario::new("scripted-small-64", "64 tasks with small transactions on scripted nodes", "small-64", "transaction")
        .on(Scripted, &SCRIPTED_CLIENTS),
    Scenario::new("scripted-gets-1000", "1000 GETs in one pipeline on scripted nodes", "gets-1000", "command")
        .of(1000)
        .on(Scripted, &SCRIPTED_CLIENTS),
];

/// A promise of typedis for a scenario, as a ratio within one run.
pub(crate) struct Bound {
    pub(crate) scenario: &'static str,
    pub(crate) ratio: Ratio,
    pub(crate) limit: f64,
}

/// A ratio of typedis to another client: the CPU ratios have an upper bound, the throughput ratio a lower one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ratio {
    /// To that of the floor, or of typedis on one server.
    CpuToFloor,
    CpuToBestPeer,
    ThroughputToBestPeer,
}

use Ratio::{CpuToBestPeer, CpuToFloor, ThroughputToBestPeer};
use Servers::{Cluster, Modules, Scripted};

pub(crate) const BOUNDS: &[Bound] = &[
    bound("pairs-1000", CpuToFloor, 1.25),
    bound("pairs-1000", CpuToBestPeer, 0.25),
    bound("pairs-1000", ThroughputToBestPeer, 1.35),
    bound("pairs-100", CpuToFloor, 1.25),
    bound("pairs-100", ThroughputToBestPeer, 1.2),
    bound("small-1", CpuToFloor, 1.1),
    bound("small-1", CpuToBestPeer, 1.0),
    bound("small-1", ThroughputToBestPeer, 1.0),
    bound("small-64", CpuToBestPeer, 0.25),
    bound("small-64", ThroughputToBestPeer, 1.7),
    bound("small-512", CpuToBestPeer, 0.2),
    bound("small-512", ThroughputToBestPeer, 1.3),
    bound("lrange-10000", CpuToFloor, 1.25),
    bound("lrange-10000", CpuToBestPeer, 1.0 / 3.0),
    bound("hgetall-1000", CpuToFloor, 1.25),
    bound("hgetall-1000", CpuToBestPeer, 1.0 / 3.0),
    bound("set-1mib", CpuToFloor, 1.1),
    bound("get-1mib", CpuToFloor, 1.1),
    bound("xadd-1000", CpuToFloor, 1.25),
    bound("xadd-1000", CpuToBestPeer, 0.5),
    bound("xreadgroup-1000", CpuToFloor, 1.25),
    bound("xreadgroup-1000", CpuToBestPeer, 0.5),
    bound("geosearch-1000", CpuToFloor, 1.25),
    bound("geosearch-1000", CpuToBestPeer, 0.5),
    bound("structs-1000", CpuToFloor, 1.25),
    bound("structs-1000", CpuToBestPeer, 0.5),
    bound("json-10kb", CpuToFloor, 1.25),
    bound("json-10kb", CpuToBestPeer, 0.5),
    bound("cluster-small-64", CpuToFloor, 1.15),
    bound("cluster-small-64", CpuToBestPeer, 0.25),
    bound("cluster-small-64", ThroughputToBestPeer, 0.95),
    bound("cluster-small-512", CpuToFloor, 1.15),
    bound("cluster-small-512", CpuToBestPeer, 0.25),
    bound("cluster-small-512", ThroughputToBestPeer, 0.95),
    bound("cluster-gets-1000", CpuToFloor, 1.3),
    bound("cluster-gets-1000", CpuToBestPeer, 1.0 / 3.0),
    bound("cluster-gets-1000", ThroughputToBestPeer, 0.95),
    bound("cluster-mget-1000", CpuToBestPeer, 0.5),
    bound("cluster-mget-1000", ThroughputToBestPeer, 0.95),
    bound("scripted-small-64", ThroughputToBestPeer, 1.5),
    bound("scripted-gets-1000", ThroughputToBestPeer, 1.5),
];

const fn bound(scenario: &'static str, ratio: Ratio, limit: f64) -> Bound {
    Bound { scenario, ratio, limit }
}
