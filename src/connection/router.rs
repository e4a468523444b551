//! The router: it chooses the server of a request, and follows redirects in the replies.

use crate::{
    connection::{
        cluster::{
            Cluster, ClusterCall, Redirects, ReplicaChoice, ReplicaReads, ReplicaRoute, WatchGuard, expect_replicas,
        },
        config::Settings,
        failure::RequestError,
        metrics::{Metrics, Monitor, NodeMetrics},
        multiplexed::{ResponseFuture, SharedConnection},
        node::Node,
        pool::PooledConnection,
        request::{RawReplies, Request},
        single_server::SingleServer,
    },
    error::Result,
    trace,
};
use std::{
    borrow::Cow,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

/// The servers of a client, and where each request goes.
pub(super) enum Router {
    /// One server, which everything is sent to.
    Single(SingleServer),
    /// A cluster, in which each request is sent to the node of its slot.
    Cluster(Arc<Cluster>),
    /// Either of them, of which only reads are asked: each goes to a replica.
    Replicas(Replicas),
}

/// The replicas of the servers of a client.
pub(super) struct Replicas {
    /// The router that does not read from them.
    of: Arc<Router>,
    /// `None` where no replicas are known: of one server without Sentinels.
    reads: Option<Arc<ReplicaReads>>,
    /// The servers as a whole, as spans name them until it is known which one is asked.
    server: trace::Server,
}

impl Replicas {
    fn reads(&self) -> Result<&Arc<ReplicaReads>> {
        expect_replicas(self.reads.as_ref())
    }
}

impl Router {
    /// Returns the router to the same servers that reads from replicas.
    pub(super) fn reading_replicas(self: &Arc<Self>, choice: &ReplicaChoice) -> Arc<Router> {
        let servers = match &**self {
            Router::Single(server) => server.set(),
            Router::Cluster(cluster) => Some(cluster),
            Router::Replicas(replicas) => return replicas.of.reading_replicas(choice),
        };
        let reads = servers.map(|servers| ReplicaReads::new(servers.clone(), choice.clone()));
        let server = trace::Server::of_cluster(self.settings().database);
        Arc::new(Router::Replicas(Replicas { of: self.clone(), reads, server }))
    }

    /// Returns the router to the same servers that does not read from replicas.
    pub(super) fn of_primaries(self: &Arc<Self>) -> Arc<Router> {
        match &**self {
            Router::Single(_) | Router::Cluster(_) => self.clone(),
            Router::Replicas(replicas) => replicas.of.clone(),
        }
    }

    /// Returns whether requests are sent by the slots of their keys, so that keys must be marked when a request is encoded.
    #[inline]
    pub(super) fn tracks_keys(&self) -> bool {
        !matches!(self, Router::Single(_))
    }

    /// Returns whether the node of a request is chosen by the facts of its commands, so that it must have its parts.
    #[inline]
    pub(super) fn reads_replicas(&self) -> bool {
        matches!(self, Router::Replicas(_))
    }

    /// Returns the shared connection, where there is only one server.
    #[inline]
    pub(super) fn only_shared(&self) -> Option<&Arc<SharedConnection>> {
        match self {
            Router::Single(server) => Some(server.node().shared()),
            Router::Cluster(_) | Router::Replicas(_) => None,
        }
    }

    /// Returns whether the only server was last known to refuse MULTI. In a cluster that is asked of the node that a transaction goes to.
    #[inline]
    pub(super) fn refuses_multi(&self) -> bool {
        match self {
            Router::Single(server) => server.node().multi().is_refused(),
            Router::Cluster(_) | Router::Replicas(_) => false,
        }
    }

    /// Returns the cluster, where the servers are one.
    pub(super) fn cluster(&self) -> Option<&Arc<Cluster>> {
        match self {
            Router::Single(_) => None,
            Router::Cluster(cluster) => Some(cluster),
            Router::Replicas(replicas) => replicas.of.cluster(),
        }
    }

    /// Returns the settings of the client.
    pub(super) fn settings(&self) -> &Settings {
        match self {
            Router::Single(server) => server.node().settings(),
            Router::Cluster(cluster) => cluster.settings(),
            Router::Replicas(replicas) => replicas.of.settings(),
        }
    }

    /// Returns the server as spans name it.
    #[inline]
    pub(super) fn server(&self) -> &trace::Server {
        match self {
            Router::Single(server) => server.node().monitor().server(),
            Router::Cluster(cluster) => cluster.monitor().server(),
            Router::Replicas(replicas) => &replicas.server,
        }
    }

    /// Returns the monitor of the client as a whole, where conflicts and attempts are counted.
    #[inline]
    pub(super) fn monitor(&self) -> &Arc<Monitor> {
        match self {
            Router::Single(server) => server.node().monitor(),
            Router::Cluster(cluster) => cluster.monitor(),
            Router::Replicas(replicas) => replicas.of.monitor(),
        }
    }

    /// Submits a request to the shared connection of its node; commands that write are split by their keys only if it
    /// `splits_writes`. The future counts as polled once with `cx`.
    #[inline]
    pub(super) fn submit(
        &self,
        mut request: Request,
        splits_writes: bool,
        cx: &mut Context<'_>,
    ) -> Result<InFlight, RequestError> {
        match self {
            Router::Single(server) => server.node().shared().clone().start(&mut request, cx).map(InFlight::Single),
            Router::Cluster(cluster) if splits_writes => submit_to(cluster, request.split_writes(), cx),
            Router::Cluster(cluster) => submit_to(cluster, request, cx),
            Router::Replicas(replicas) => read_from(replicas, request, cx),
        }
    }

    /// Returns whether the commands of a request may go to several servers.
    pub(super) fn scatters(&self, request: &Request) -> bool {
        match self {
            Router::Single(_) => false,
            Router::Cluster(cluster) => cluster.scatters(request),
            Router::Replicas(replicas) => replicas.reads.as_ref().is_some_and(|reads| reads.scatters(request)),
        }
    }

    /// Fails for a request that the servers cannot run as it is meant.
    #[inline]
    pub(super) fn check(&self, request: &Request) -> Result<()> {
        match self {
            Router::Single(_) => Ok(()),
            Router::Cluster(cluster) => cluster.check(request),
            Router::Replicas(replicas) => replicas.reads()?.check(request),
        }
    }

    /// Returns the route of a request to one server.
    pub(super) async fn route(&self, request: &Request) -> Result<RequestRoute<'_>> {
        match self {
            Router::Single(server) => Ok(RequestRoute::Single(server.node())),
            Router::Cluster(cluster) => cluster.redirects(request).await.map(RequestRoute::Cluster),
            Router::Replicas(replicas) => replicas.reads()?.route(request).await.map(RequestRoute::Replicas),
        }
    }

    /// Takes no more requests, and closes the connections when what is in flight has ended.
    pub(super) async fn close(&self) {
        match self {
            Router::Single(server) => server.close().await,
            Router::Cluster(cluster) => cluster.close().await,
            Router::Replicas(replicas) => Box::pin(replicas.of.close()).await,
        }
    }

    /// Returns the counters of each node of a cluster; none of a single server.
    pub(super) fn node_metrics(&self) -> Vec<NodeMetrics> {
        match self {
            Router::Single(_) => Vec::new(),
            Router::Cluster(cluster) => cluster.node_metrics(),
            Router::Replicas(replicas) => replicas.of.node_metrics(),
        }
    }

    pub(super) fn metrics(&self) -> Metrics {
        match self {
            Router::Single(server) => server.metrics(),
            Router::Cluster(cluster) => cluster.metrics(),
            Router::Replicas(replicas) => replicas.of.metrics(),
        }
    }
}

#[inline(never)]
fn submit_to(cluster: &Arc<Cluster>, request: Request, cx: &mut Context<'_>) -> Result<InFlight, RequestError> {
    ClusterCall::start(cluster, request, cx).map(InFlight::Cluster)
}

#[cold]
fn read_from(replicas: &Replicas, request: Request, cx: &mut Context<'_>) -> Result<InFlight, RequestError> {
    let reads = replicas.reads().map_err(RequestError::NotSent)?;
    ClusterCall::read(reads, request, cx).map(InFlight::Cluster)
}

/// The route of one request to a connection of its server: of the only one, or of the nodes of a cluster one after the other, as
/// redirects lead.
pub(crate) enum RequestRoute<'a> {
    Single(&'a Node),
    Cluster(Redirects),
    Replicas(ReplicaRoute),
}

impl RequestRoute<'_> {
    fn node(&self) -> &Node {
        match self {
            RequestRoute::Single(node) => node,
            RequestRoute::Cluster(redirects) => redirects.node(),
            RequestRoute::Replicas(route) => route.node(),
        }
    }

    /// Moves on to a server that can be reached, where the request may go to several. Fails where there is none.
    pub(crate) async fn reach(&mut self) -> Result<()> {
        match self {
            RequestRoute::Single(_) | RequestRoute::Cluster(_) => Ok(()),
            RequestRoute::Replicas(route) => route.reach().await,
        }
    }

    /// The shared connection of the server.
    pub(crate) fn shared(&self) -> &Arc<SharedConnection> {
        self.node().shared()
    }

    /// Takes a dedicated connection to the server.
    pub(crate) async fn acquire(&self) -> Result<PooledConnection> {
        self.node().acquire().await
    }

    /// Returns the guard of a WATCH that is sent to the server, where that is a node of a cluster.
    pub(crate) fn guard(&self, watch: &Request) -> Option<Box<WatchGuard>> {
        match self {
            RequestRoute::Single(_) | RequestRoute::Replicas(_) => None,
            RequestRoute::Cluster(redirects) => WatchGuard::new(redirects, watch).map(Box::new),
        }
    }

    /// Returns the request as it is to be sent.
    pub(crate) fn outgoing<'r>(&self, request: &'r Request) -> Cow<'r, Request> {
        match self {
            RequestRoute::Single(_) => Cow::Borrowed(request),
            RequestRoute::Cluster(redirects) => redirects.outgoing(request),
            RequestRoute::Replicas(route) => route.outgoing(request),
        }
    }

    /// Returns the answer to the request alone.
    pub(crate) fn incoming(&self, answer: Result<RawReplies, RequestError>) -> Result<RawReplies, RequestError> {
        match self {
            RequestRoute::Single(_) => answer,
            RequestRoute::Cluster(redirects) => redirects.incoming(answer),
            RequestRoute::Replicas(route) => route.incoming(answer),
        }
    }

    /// Returns whether the request may have to be sent again, so that it must be kept.
    pub(crate) fn repeats(&self) -> bool {
        !matches!(self, RequestRoute::Single(_))
    }

    /// Returns whether the request is to be sent again after this answer, to the server that the route leads to then.
    pub(crate) async fn again(&mut self, request: &Request, answer: &Result<RawReplies, RequestError>) -> bool {
        match self {
            RequestRoute::Single(_) => false,
            RequestRoute::Cluster(redirects) => redirects.again(request, answer).await,
            RequestRoute::Replicas(route) => route.again(request, answer).await,
        }
    }
}

/// A submitted request: the future of its replies.
pub(crate) enum InFlight {
    /// On the shared connection of the only server.
    Single(ResponseFuture),
    /// In a cluster, where redirects are followed before anything is decoded.
    Cluster(ClusterCall),
}

impl InFlight {
    /// The connection that the request was sent on, where that is one.
    pub(crate) fn shared(&self) -> Option<&Arc<SharedConnection>> {
        match self {
            InFlight::Single(response) => Some(response.shared()),
            InFlight::Cluster(call) => call.shared(),
        }
    }
}

impl Future for InFlight {
    type Output = Result<RawReplies, RequestError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            InFlight::Single(response) => Pin::new(response).poll(cx),
            InFlight::Cluster(call) => Pin::new(call).poll(cx),
        }
    }
}
