//! The router: it chooses the server of a request, and follows redirects in the replies.

use crate::{
    connection::{
        cluster::{Cluster, ClusterCall, Redirects, WatchGuard},
        config::Settings,
        failure::RequestError,
        metrics::{Metrics, Monitor, NodeMetrics},
        multiplexed::{ResponseFuture, SharedConnection},
        node::Node,
        pool::PooledConnection,
        request::{RawReplies, Request},
    },
    error::Result,
};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

/// The servers of a client, and where each request goes.
pub(super) enum Router {
    /// One server, which everything is sent to.
    Single(Node),
    /// A cluster, in which each request is sent to the node of its slot.
    Cluster(Arc<Cluster>),
}

impl Router {
    /// Returns whether requests are sent by the slots of their keys, so that keys must be marked when a request is encoded.
    #[inline]
    pub(super) fn tracks_keys(&self) -> bool {
        matches!(self, Router::Cluster(_))
    }

    /// Returns whether the only server was last known to refuse MULTI. In a cluster that is asked of the node that a transaction goes to.
    #[inline]
    pub(super) fn refuses_multi(&self) -> bool {
        match self {
            Router::Single(node) => node.multi().is_refused(),
            Router::Cluster(_) => false,
        }
    }

    /// Returns the settings of the client.
    pub(super) fn settings(&self) -> &Settings {
        match self {
            Router::Single(node) => node.settings(),
            Router::Cluster(cluster) => cluster.settings(),
        }
    }

    /// Returns the monitor of the client as a whole, where conflicts and attempts are counted.
    #[inline]
    pub(super) fn monitor(&self) -> &Arc<Monitor> {
        match self {
            Router::Single(node) => node.monitor(),
            Router::Cluster(cluster) => cluster.monitor(),
        }
    }

    /// Submits a request to the shared connection of its node; commands that write are split by their keys only if it
    /// `splits_writes`. The future counts as polled once with `cx`.
    #[inline]
    pub(super) fn submit(
        &self,
        request: Request,
        splits_writes: bool,
        cx: &mut Context<'_>,
    ) -> Result<InFlight, RequestError> {
        match self {
            Router::Single(node) => node.shared().clone().start(request, cx).map(InFlight::Single),
            Router::Cluster(cluster) if splits_writes => submit_to(cluster, request.split_writes(), cx),
            Router::Cluster(cluster) => submit_to(cluster, request, cx),
        }
    }

    /// Returns whether the commands of a request may go to several servers.
    pub(super) fn scatters(&self, request: &Request) -> bool {
        match self {
            Router::Single(_) => false,
            Router::Cluster(cluster) => cluster.scatters(request),
        }
    }

    /// Fails for a request that the servers cannot run as it is meant.
    #[inline]
    pub(super) fn check(&self, request: &Request) -> Result<()> {
        match self {
            Router::Single(_) => Ok(()),
            Router::Cluster(cluster) => cluster.check(request),
        }
    }

    /// Returns the route of a request to one server.
    pub(super) fn route(&self, request: &Request) -> Result<RequestRoute<'_>> {
        match self {
            Router::Single(node) => Ok(RequestRoute::Single(node)),
            Router::Cluster(cluster) => cluster.redirects(request).map(RequestRoute::Cluster),
        }
    }

    /// Takes no more requests, and closes the connections when what is in flight has ended.
    pub(super) async fn close(&self) {
        match self {
            Router::Single(node) => node.close().await,
            Router::Cluster(cluster) => cluster.close().await,
        }
    }

    /// Returns the counters of each node of a cluster; none of a single server.
    pub(super) fn node_metrics(&self) -> Vec<NodeMetrics> {
        match self {
            Router::Single(_) => Vec::new(),
            Router::Cluster(cluster) => cluster.node_metrics(),
        }
    }

    pub(super) fn metrics(&self) -> Metrics {
        match self {
            Router::Single(node) => node.metrics(),
            Router::Cluster(cluster) => cluster.metrics(),
        }
    }
}

#[inline(never)]
fn submit_to(cluster: &Arc<Cluster>, request: Request, cx: &mut Context<'_>) -> Result<InFlight, RequestError> {
    ClusterCall::start(cluster, request, cx).map(|call| InFlight::Cluster(Box::new(call)))
}

/// The route of one request to a connection of its server: of the only one, or of the nodes of a cluster one after the other, as
/// redirects lead.
pub(crate) enum RequestRoute<'a> {
    Single(&'a Node),
    Cluster(Redirects),
}

impl RequestRoute<'_> {
    fn node(&self) -> &Node {
        match self {
            RequestRoute::Single(node) => node,
            RequestRoute::Cluster(redirects) => redirects.node(),
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
            RequestRoute::Single(_) => None,
            RequestRoute::Cluster(redirects) => WatchGuard::new(redirects, watch).map(Box::new),
        }
    }

    /// Returns the request as it is to be sent.
    pub(crate) fn outgoing(&self, request: &Request) -> Request {
        match self {
            RequestRoute::Single(_) => request.clone(),
            RequestRoute::Cluster(redirects) => redirects.outgoing(request),
        }
    }

    /// Returns the replies to the request alone.
    pub(crate) fn incoming(&self, replies: RawReplies) -> RawReplies {
        match self {
            RequestRoute::Single(_) => replies,
            RequestRoute::Cluster(redirects) => redirects.incoming(replies),
        }
    }

    /// Returns whether the request is to be sent again after this answer, to the server that the route leads to then.
    pub(crate) async fn again(&mut self, request: &Request, answer: &Result<RawReplies, RequestError>) -> bool {
        match self {
            RequestRoute::Single(_) => false,
            RequestRoute::Cluster(redirects) => redirects.again(request, answer).await,
        }
    }
}

/// A submitted request: the future of its replies.
pub(crate) enum InFlight {
    /// On the shared connection of the only server.
    Single(ResponseFuture),
    /// In a cluster, where redirects are followed before anything is decoded.
    Cluster(Box<ClusterCall>),
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
