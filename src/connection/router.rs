//! The router: it chooses the server of a request, and follows redirects in the replies.

use crate::{
    connection::{
        config::{Config, Settings},
        failure::RequestError,
        metrics::{Metrics, Monitor},
        multi_access::MultiAccess,
        multiplexed::{ResponseFuture, SharedConnection},
        pool::{Pool, PooledConnection},
        request::{RawReplies, Request},
    },
    error::Result,
    key::SlotState,
};
use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
};

/// The servers of a client, and where each request goes. A cluster is to be another variant.
pub(super) enum Router {
    /// One server, which everything is sent to.
    Single(Node),
}

/// The connections of one server: the shared one, and the pool of dedicated ones.
pub(super) struct Node {
    settings: Arc<Settings>,
    shared: Arc<SharedConnection>,
    pool: Arc<Pool>,
    monitor: Arc<Monitor>,
    multi: Arc<MultiAccess>,
}

impl Router {
    /// Returns whether requests are sent by the slots of their keys, so that keys must be marked when a request is encoded.
    #[inline]
    pub(super) fn tracks_keys(&self) -> bool {
        match self {
            Router::Single(_) => false,
        }
    }

    /// Returns the node of a slot.
    #[inline]
    pub(super) fn node(&self, _: SlotState) -> &Node {
        match self {
            Router::Single(node) => node,
        }
    }

    /// Returns a node that stands for the client as a whole: in spans, and where conflicts and attempts are counted.
    #[inline]
    pub(super) fn any_node(&self) -> &Node {
        match self {
            Router::Single(node) => node,
        }
    }

    /// Submits a request to the shared connection of its node. The future counts as polled once with `cx`.
    #[inline]
    pub(super) fn submit(&self, request: Request, cx: &mut Context<'_>) -> Result<InFlight, RequestError> {
        match self {
            Router::Single(node) => node.shared.clone().start(request, cx).map(InFlight::Single),
        }
    }

    /// Takes no more requests, and closes the connections when what is in flight has ended.
    pub(super) async fn close(&self) {
        match self {
            Router::Single(node) => node.close().await,
        }
    }

    pub(super) fn metrics(&self) -> Metrics {
        match self {
            Router::Single(node) => node.metrics(),
        }
    }
}

impl Node {
    /// Opens the shared connection, so that a wrong address or password shows at once.
    pub(super) async fn open<V>(config: Config<V>) -> Result<Node> {
        let settings = Arc::new(config.settings);
        let monitor = Monitor::new(settings.server());
        let multi = Arc::new(MultiAccess::new(settings.clone()));
        let shared = SharedConnection::open(settings.clone(), monitor.clone(), multi.clone()).await?;
        let pool = Pool::new(settings.clone(), monitor.clone(), multi.clone(), shared.failover().clone());
        Ok(Node { settings, shared: Arc::new(shared), pool, monitor, multi })
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    #[inline]
    pub(super) fn shared(&self) -> &Arc<SharedConnection> {
        &self.shared
    }

    #[inline]
    pub(super) fn multi(&self) -> &MultiAccess {
        &self.multi
    }

    #[inline]
    pub(super) fn monitor(&self) -> &Arc<Monitor> {
        &self.monitor
    }

    /// Takes a dedicated connection from the pool.
    pub(super) async fn acquire(&self) -> Result<PooledConnection> {
        self.pool.acquire().await
    }

    async fn close(&self) {
        // Polled together, so that all refuse new work at once.
        let (mut shared, mut pool) = (pin!(self.shared.close()), pin!(self.pool.close()));
        let mut multi = pin!(self.multi.close());
        let (mut shared_open, mut pool_open, mut multi_open) = (true, true, true);
        poll_fn(|cx| {
            multi_open = multi_open && multi.as_mut().poll(cx).is_pending();
            shared_open = shared_open && shared.as_mut().poll(cx).is_pending();
            pool_open = pool_open && pool.as_mut().poll(cx).is_pending();
            if shared_open || pool_open || multi_open { Poll::Pending } else { Poll::Ready(()) }
        })
        .await
    }

    fn metrics(&self) -> Metrics {
        let pool = self.pool.count();
        Metrics { pool_in_use: pool.in_use, pool_idle: pool.idle, ..self.shared.metrics() }
    }
}

/// A submitted request: the future of its replies.
///
/// A cluster's variant looks at the raw replies for redirects before anything is decoded.
pub(crate) enum InFlight {
    /// On the shared connection of the only node.
    Single(ResponseFuture),
}

impl InFlight {
    /// The connection that the request was sent on.
    pub(crate) fn shared(&self) -> &Arc<SharedConnection> {
        match self {
            InFlight::Single(response) => response.shared(),
        }
    }
}

impl Future for InFlight {
    type Output = Result<RawReplies, RequestError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            InFlight::Single(response) => Pin::new(response).poll(cx),
        }
    }
}
