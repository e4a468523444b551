//! The runner of examples in the documentation.

use crate::{ClusterSet, Module, Server};
use std::fmt::Debug;

/// Runs a documentation example against a server of its own, given its URL.
pub fn doctest<E: Debug>(example: impl AsyncFnOnce(String) -> Result<(), E>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let server = Server::start().await;
        example(server.url()).await.expect("the example's result");
    });
}

/// Runs a documentation example against a server of its own with a module, given its URL; not where the module is not at hand.
pub fn doctest_with<E: Debug>(module: Module, example: impl AsyncFnOnce(String) -> Result<(), E>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        if let Some(server) = module.server().await {
            example(server.url()).await.expect("the example's result");
        }
    });
}

/// Runs a documentation example against a cluster of its own, given its URL.
pub fn doctest_on_cluster<E: Debug>(example: impl AsyncFnOnce(String) -> Result<(), E>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let cluster = ClusterSet::start().await;
        example(cluster.url()).await.expect("the example's result");
    });
}
