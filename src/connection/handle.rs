//! The handle to a client's router, which the client and its pipelines hold.

use crate::{
    connection::{
        cluster::{Cluster, ReplicaChoice},
        config::Config,
        failure::RequestError,
        metrics::{Events, Metrics, Monitor, NodeMetrics},
        multiplexed::SharedConnection,
        node::Node,
        request::{RawReplies, Request},
        router::{InFlight, RequestRoute, Router},
        single_server::SingleServer,
    },
    error::Result,
    trace,
};
use std::{
    fmt,
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll},
};

/// A handle to the servers of a client. Clones are the same handle; the connections are closed with the last of them.
#[derive(Clone)]
pub struct Handle {
    router: Arc<Router>,
    /// The span that those of this handle are children of.
    parent: trace::Parent,
    /// Commands that write may be split by their keys over the nodes of a cluster.
    splits_writes: bool,
}

impl Handle {
    /// Opens the shared connection, so that a wrong address or password shows at once.
    pub(crate) async fn open<V>(config: Config<V>) -> Result<Handle> {
        config.validate()?;
        config.settings.expect_single_server()?;
        Ok(Handle::new(Router::Single(SingleServer::new(Node::open(Arc::new(config.settings)).await?))))
    }

    /// Finds the nodes of a cluster by its seeds, so that wrong addresses or a wrong password show at once.
    pub(crate) async fn open_cluster<V>(config: Config<V>) -> Result<Handle> {
        config.validate()?;
        config.settings.expect_cluster()?;
        let settings = config.settings;
        let seeds = settings.seeds();
        Ok(Handle::new(Router::Cluster(Cluster::open(settings, seeds).await?)))
    }

    fn new(router: Router) -> Handle {
        Handle { router: Arc::new(router), parent: trace::Parent::default(), splits_writes: false }
    }

    /// Returns a span for a request on these connections.
    #[inline]
    pub(crate) fn span(&self) -> trace::Span {
        trace::Span::new(self.router.server(), &self.parent)
    }

    /// Returns the same handle, whose spans are children of `parent`.
    pub(crate) fn under(&self, parent: trace::Parent) -> Handle {
        Handle { parent, ..self.clone() }
    }

    /// Returns the same handle, which splits commands that write by their keys.
    pub(crate) fn splitting_writes(&self) -> Handle {
        Handle { splits_writes: true, ..self.clone() }
    }

    /// Returns a handle to the same servers that reads from replicas.
    pub(crate) fn reading_replicas(&self, choice: &ReplicaChoice) -> Handle {
        Handle { router: self.router.reading_replicas(choice), ..self.clone() }
    }

    /// Returns a handle to the same servers that does not read from replicas.
    pub(crate) fn of_primaries(&self) -> Handle {
        Handle { router: self.router.of_primaries(), ..self.clone() }
    }

    /// Returns whether the keys of requests must be marked when they are encoded.
    #[inline]
    pub(crate) fn tracks_keys(&self) -> bool {
        self.router.tracks_keys()
    }

    /// Returns whether the node of a request is chosen by the facts of its commands, so that it must have its parts.
    #[inline]
    pub(crate) fn reads_replicas(&self) -> bool {
        self.router.reads_replicas()
    }

    /// Returns whether the only server was last known to refuse MULTI, so that it is to be asked before a transaction is sent.
    #[inline]
    pub(crate) fn refuses_multi(&self) -> bool {
        self.router.refuses_multi()
    }

    /// Returns the shared connection, where there is only one server.
    #[inline]
    pub(crate) fn only_shared(&self) -> Option<&Arc<SharedConnection>> {
        self.router.only_shared()
    }

    /// Submits a request to a shared connection. The future counts as polled once with `cx`.
    #[inline]
    pub(crate) fn submit(&self, request: Request, cx: &mut Context<'_>) -> Result<InFlight, RequestError> {
        self.router.submit(request, self.splits_writes, cx)
    }

    /// Submits a request at the first poll, and returns its replies and the connection that they came on, where that is one.
    pub(crate) async fn call(
        &self,
        request: Request,
    ) -> Result<(RawReplies, Option<Arc<SharedConnection>>), RequestError> {
        let mut request = Some(request);
        let submitted = poll_fn(|cx| Poll::Ready(request.take().map(|request| self.submit(request, cx)))).await;
        match submitted {
            Some(in_flight) => {
                let mut in_flight = in_flight?;
                let replies = (&mut in_flight).await?;
                Ok((replies, in_flight.shared().cloned()))
            }
            None => std::future::pending().await,
        }
    }

    /// Returns whether the commands of a request may go to several servers.
    pub(crate) fn scatters(&self, request: &Request) -> bool {
        self.router.scatters(request)
    }

    /// Fails for a request that the servers cannot run as it is meant, such as a transaction on keys of several slots.
    #[inline]
    pub(crate) fn check(&self, request: &Request) -> Result<()> {
        self.router.check(request)
    }

    /// Returns the cluster, where the servers are one.
    pub(super) fn cluster(&self) -> Option<&Arc<Cluster>> {
        self.router.cluster()
    }

    /// Returns the route of a request to one server, which follows redirects.
    pub(crate) async fn route(&self, request: &Request) -> Result<RequestRoute<'_>> {
        self.router.route(request).await
    }

    /// The connections of the only server.
    #[cfg(test)]
    pub(crate) fn node(&self) -> &Node {
        match &*self.router {
            Router::Single(server) => server.node(),
            Router::Cluster(_) | Router::Replicas(_) => panic!("a cluster has many nodes"),
        }
    }

    /// Takes no more requests and closes the connections when those in flight have ended.
    pub(crate) async fn close(&self) {
        self.router.close().await;
    }

    /// Returns the monitor that counts conflicts and attempts.
    pub(crate) fn monitor(&self) -> &Monitor {
        self.router.monitor()
    }

    pub(crate) fn events(&self) -> Events {
        self.monitor().events()
    }

    pub(crate) fn node_metrics(&self) -> Vec<NodeMetrics> {
        self.router.node_metrics()
    }

    pub(crate) fn metrics(&self) -> Metrics {
        self.router.metrics()
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(self.router.settings()).finish()
    }
}
