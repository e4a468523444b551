//! Real servers, recording proxies and scripted peers for the tests and examples of typedis.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let server = typedis_testing::Server::start().await;
//! let mut raw = server.raw().await;
//! raw.command(["SET", "foo", "bar"]).await;
//! assert_eq!(raw.command(["GET", "foo"]).await.text(), "bar");
//! # }
//! ```
//!
//! # Layout
//!
//! - [`Server`]: a server process on a free port, killed when dropped; [`Vendor`]: who made it
//! - [`ClusterSet`]: a cluster of such servers, whose slots and roles change; [`hash_slot`], [`tag_of_slot`]
//! - [`SentinelSet`]: a primary, its replicas and the Sentinels that watch them
//! - [`Raw`], [`Monitor`], [`Frame`]: a plain RESP2 client to check results with, which shares no code with typedis
//! - [`Proxy`]: a TCP proxy that records requests, and delays, drops and cuts connections
//! - [`Fake`]: a peer with scripted replies; [`FakeCluster`]: scripted nodes of a cluster; [`FakeSentinel`]: a scripted
//!   Sentinel; [`reply`]: replies as bytes
//! - [`ClosedPort`]: a port that refuses connections
//! - [`drop_after`]: cancels a future after so many polls
//! - [`demo_server`]: a server for an example, on any machine that has cargo
//!
//! Failures of these tools panic with the reason, so that tests need no `?` for them.

mod binary;
mod cancel;
mod closed_port;
mod cluster;
mod demo;
mod doctest;
mod error;
mod fake;
mod fake_cluster;
mod fake_sentinel;
mod frame;
mod identity;
mod module;
mod process;
mod proxy;
mod raw;
pub mod reply;
mod sentinel;
mod server;
mod wait;

pub use cancel::drop_after;
pub use closed_port::ClosedPort;
pub use cluster::{ClusterBuilder, ClusterNode, ClusterSet, SLOTS, SlotMigration, hash_slot, tag_of_slot};
pub use demo::{DemoServer, demo_server};
pub use doctest::{doctest, doctest_on_cluster};
pub use error::Error;
pub use fake::{Fake, HANG_UP};
pub use fake_cluster::{Call, Endpoint, FakeCluster};
pub use fake_sentinel::FakeSentinel;
pub use frame::Frame;
pub use identity::Vendor;
pub use module::Module;
pub use process::free_port;
pub use proxy::Proxy;
pub use raw::{Monitor, Raw};
pub use sentinel::{SentinelBuilder, SentinelSet};
pub use server::{Builder, Server};
