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
//! - [`Server`]: a server process of its own, on a free port, gone when dropped
//! - [`Raw`], [`Monitor`], [`Frame`]: a plain RESP2 client to judge by, which shares no code with typedis
//! - [`Proxy`]: stands before a server, records what the client writes, delays, drops and cuts where told
//! - [`Fake`]: a peer that says whatever a test makes it say
//! - [`ClosedPort`]: a port that refuses connections
//! - [`drop_after`]: cancels a future after so many polls
//! - [`demo_server`]: a server for an example, on any machine that has cargo
//!
//! What a test cannot go on without panics here in plain words, so tests need no `?` for their own tools.

mod binary;
mod cancel;
mod closed_port;
mod demo;
mod fake;
mod frame;
mod process;
mod proxy;
mod raw;
mod server;

pub use cancel::drop_after;
pub use closed_port::ClosedPort;
pub use demo::{DemoServer, demo_server};
pub use fake::{Fake, HANG_UP};
pub use frame::Frame;
pub use process::free_port;
pub use proxy::Proxy;
pub use raw::{Monitor, Raw};
pub use server::{Builder, Server};

/// Why a server could not be had, in plain words.
pub struct Error(String);

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Shows the words themselves, because that is what `fn main() -> Result<..>` prints.
impl std::fmt::Debug for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// Runs a documentation example against a server of its own, given its URL.
pub fn doctest<E: std::fmt::Debug>(example: impl AsyncFnOnce(String) -> Result<(), E>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let server = Server::start().await;
        example(server.url()).await.expect("the example's result");
    });
}
