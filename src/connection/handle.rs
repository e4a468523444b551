//! The handle to a client's router, which the client and its pipelines hold.

use crate::{
    connection::{
        config::Config,
        failure::RequestError,
        metrics::{Events, Metrics, Monitor},
        multiplexed::SharedConnection,
        pool::PooledConnection,
        request::Request,
        router::{InFlight, Node, Router},
    },
    error::{Error, Result},
    key::SlotState,
    trace,
};
use std::{fmt, sync::Arc, task::Context};

/// A handle to the servers of a client. Clones are the same handle; the connections are closed with the last of them.
#[derive(Clone)]
pub struct Handle {
    router: Arc<Router>,
    /// The span that those of this handle are children of.
    parent: trace::Parent,
}

impl Handle {
    /// Opens the shared connection, so that a wrong address or password shows at once.
    pub(crate) async fn open<V>(config: Config<V>) -> Result<Handle> {
        config.validate()?;
        let router = Router::Single(Node::open(config).await?);
        Ok(Handle { router: Arc::new(router), parent: trace::Parent::default() })
    }

    /// Opens the connections to a cluster.
    pub(crate) async fn open_cluster<V>(config: Config<V>) -> Result<Handle> {
        config.validate()?;
        Err(Error::config("clusters are not supported yet"))
    }

    /// Returns a span for a request on these connections.
    #[inline]
    pub(crate) fn span(&self) -> trace::Span {
        trace::Span::new(self.router.any_node().monitor().server(), &self.parent)
    }

    /// Returns the same handle, whose spans are children of `parent`.
    pub(crate) fn under(&self, parent: trace::Parent) -> Handle {
        Handle { router: self.router.clone(), parent }
    }

    /// Returns whether the keys of requests must be marked when they are encoded.
    #[inline]
    pub(crate) fn tracks_keys(&self) -> bool {
        self.router.tracks_keys()
    }

    /// Returns whether the server was last known to refuse MULTI, so that it is to be asked before a transaction is sent.
    #[inline]
    pub(crate) fn refuses_multi(&self, slot: SlotState) -> bool {
        self.router.node(slot).multi().is_refused()
    }

    /// Submits a request to a shared connection. The future counts as polled once with `cx`.
    #[inline]
    pub(crate) fn submit(&self, request: Request, cx: &mut Context<'_>) -> Result<InFlight, RequestError> {
        self.router.submit(request, cx)
    }

    /// Returns the shared connection for requests of a slot.
    #[inline]
    pub(crate) fn shared(&self, slot: SlotState) -> &Arc<SharedConnection> {
        self.router.node(slot).shared()
    }

    /// Takes a dedicated connection for requests of a slot.
    pub(crate) async fn acquire(&self, slot: SlotState) -> Result<PooledConnection> {
        self.router.node(slot).acquire().await
    }

    /// Takes no more requests and closes the connections when those in flight have ended.
    pub(crate) async fn close(&self) {
        self.router.close().await;
    }

    /// Returns the monitor that counts conflicts and attempts.
    pub(crate) fn monitor(&self) -> &Monitor {
        self.router.any_node().monitor()
    }

    pub(crate) fn events(&self) -> Events {
        self.monitor().events()
    }

    pub(crate) fn metrics(&self) -> Metrics {
        self.router.metrics()
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(self.router.any_node().settings()).finish()
    }
}
