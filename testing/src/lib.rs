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
//! - [`Server`]: a server process for one test, on a free port, killed when dropped
//! - [`Raw`], [`Monitor`], [`Frame`]: a plain RESP2 client to verify with, which shares no code with typedis
//! - [`Proxy`]: a proxy in front of a server, which records requests and delays, drops and cuts connections
//! - [`Fake`]: a scripted peer
//! - [`demo_server`]: a server for an example, on any machine with cargo
//!
//! The functions panic with a plain sentence where a test cannot continue, so tests need no `?` for their tools.

mod binary;
mod demo;
mod error;
mod fake;
mod frame;
mod process;
mod proxy;
mod raw;
mod server;

pub use demo::{DemoServer, demo_server};
pub use error::Error;
pub use fake::{Fake, HANG_UP};
pub use frame::Frame;
pub use process::free_port;
pub use proxy::Proxy;
pub use raw::{Monitor, Raw};
pub use server::{Builder, Server};

/// Starts a server for a documentation example and runs the example with the server's URL.
pub fn doctest<E: std::fmt::Debug>(example: impl AsyncFnOnce(String) -> Result<(), E>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let server = Server::start().await;
        example(server.url()).await.expect("the example's result");
    });
}
