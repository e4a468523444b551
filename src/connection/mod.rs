//! Connections to servers: configuration, transport, the shared (multiplexed) connection and the pool of dedicated ones of each
//! server, and the router of a client.
//! This module handles bytes and counts of replies, and no commands but those of the handshake and of `resp::control`.
//!
//! - `sync`, `alarm`: the one way to take a lock and to wake a caller; timers of callers, whatever polls them
//! - `config`: `Config`, its URL, and the validated settings that connections read
//! - `failure`, `state`, `metrics`: whether a failed request may have run; the state and number of the shared connection;
//!   counters and events
//! - `push`: the sink of push messages
//! - `transport`: a socket, TLS, RESP framing, the handshake, and the session that it negotiates
//! - `sentinel`: finding the primary that Sentinels name, and learning of a switch to another one
//! - `script_load`: SCRIPT LOAD before the requests that run the scripts
//! - `multi_access`: whether the server lets the user begin transactions, for all connections of a server
//! - `multiplexed`: one connection for all callers, its driver and its supervisor
//! - `pool`: dedicated connections, each with one owner at a time
//! - `routing`, `request`: the facts by which a router sends; the encoded commands that are sent as one value
//! - `node`: the shared connection and the pool of one address
//! - `cluster`: the nodes of a cluster, the map of their slots, and how redirects are followed
//! - `single_server`: the only server of a client, and its replicas where Sentinels name it
//! - `router`, `watched`, `handle`: the server that a request goes to; the connection of a watching pipeline; and a client's
//!   handle to the servers
//! - `scan`: all keys, page by page
//!
//! `Handle`, `SharedConnection`, `WatchedConnection` and `Request` occur in hidden methods of public traits, so they are `pub`; their
//! constructors are not, so they are of no use outside of the crate.

mod alarm;
mod cluster;
mod config;
mod failure;
mod handle;
mod metrics;
mod multi_access;
mod multiplexed;
mod node;
mod pool;
mod push;
mod request;
mod router;
mod routing;
mod scan;
mod script_load;
mod sentinel;
mod single_server;
mod state;
mod sync;
#[cfg(test)]
mod tests;
mod transport;
mod watched;

pub use cluster::NodeLookup;
pub(crate) use cluster::{ReplicaChoice, ReplicaPreference};
#[cfg(feature = "tls")]
pub use config::Tls;
pub use config::{Config, Protocol};
pub(crate) use failure::{MissingReply, RequestError};
pub use handle::Handle;
pub use metrics::{Event, Events, Metrics, NodeMetrics};
pub(crate) use multi_access::MultiAccess;
pub(crate) use multiplexed::SharedConnection;
pub(crate) use request::{EXEC, MULTI, RawReplies, Request};
pub(crate) use router::InFlight;
pub(crate) use routing::RoutingFacts;
pub(crate) use scan::Scan;
pub(crate) use script_load::{ScriptLoad, ScriptReload, note_missing};
pub(crate) use state::Epoch;
pub(crate) use transport::Session;
pub(crate) use watched::WatchedConnection;
