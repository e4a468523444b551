//! The node: the connections to one server, by its address.

use crate::{
    connection::{
        config::Settings,
        metrics::{EventSender, Metrics, Monitor, NodeObserver},
        multi_access::MultiAccess,
        multiplexed::SharedConnection,
        pool::{Pool, PooledConnection, SLOTS_MOVED, STALLED},
        transport::ServerMode,
    },
    error::{Error, Result},
};
use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
};
use tokio::runtime;

/// The reason why a client of one server is not opened on a node of a cluster.
const NODE_OF_CLUSTER: &str = "this server is a node of a cluster, whose redirects `Client` does not follow: use `ClusterClient`, or \
                               `Config::single_node` if this one node is meant";

/// The connections of one server: the shared one, and the pool of dedicated ones. Clones are the same connections.
#[derive(Clone)]
pub(crate) struct Node {
    settings: Arc<Settings>,
    shared: Arc<SharedConnection>,
    pool: Arc<Pool>,
    monitor: Arc<Monitor>,
    multi: Arc<MultiAccess>,
}

/// What a node of a cluster needs of its router.
#[derive(Clone)]
pub(super) struct NodeContext {
    /// The runtime that opened the client, where the supervisors of its nodes run.
    pub(super) runtime: runtime::Handle,
    /// The events of the client, which its nodes share.
    pub(super) events: EventSender,
    /// Learns of signs of trouble.
    pub(super) observer: NodeObserver,
}

impl Node {
    /// Opens the shared connection of the only server, so that a wrong address or password shows at once.
    pub(super) async fn open(settings: Arc<Settings>) -> Result<Node> {
        let monitor = Monitor::new(settings.server(), &settings.address, EventSender::new(), None);
        let multi = Arc::new(MultiAccess::new(settings.clone()));
        let shared = SharedConnection::open(settings.clone(), monitor.clone(), multi.clone()).await?;
        if settings.refuses_cluster() && shared.session().mode == Some(ServerMode::Cluster) {
            return Err(Error::cluster(&settings.address, NODE_OF_CLUSTER));
        }
        Ok(Node::new(settings, shared, monitor, multi))
    }

    /// Returns a node of a cluster, which opens its shared connection at its first request, and no dedicated one before it is
    /// needed. Until then it has no task and no timer.
    pub(super) fn lazy(settings: Arc<Settings>, context: NodeContext) -> Node {
        let NodeContext { runtime, events, observer } = context;
        let monitor = Monitor::new(settings.server(), &settings.address, events, Some(observer));
        let multi = Arc::new(MultiAccess::new(settings.clone()));
        let shared = SharedConnection::lazy(settings.clone(), monitor.clone(), multi.clone(), runtime);
        Node::new(settings, shared, monitor, multi)
    }

    /// Opens the shared connection of a node of a cluster, so that a wrong address or password shows at once.
    pub(super) async fn connect(settings: Arc<Settings>, context: NodeContext) -> Result<Node> {
        let node = Node::lazy(settings, context);
        node.shared.connect().await?;
        Ok(node)
    }

    /// Returns whether the shared connection is open.
    pub(super) fn is_connected(&self) -> bool {
        self.shared.is_open()
    }

    fn new(settings: Arc<Settings>, shared: SharedConnection, monitor: Arc<Monitor>, multi: Arc<MultiAccess>) -> Node {
        let pool = Pool::new(settings.clone(), monitor.clone(), multi.clone(), shared.failover().clone());
        Node { settings, shared: Arc::new(shared), pool, monitor, multi }
    }

    pub(super) fn settings(&self) -> &Arc<Settings> {
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

    /// Lets the node leave, because the cluster has it no more or another node has its slots. Requests that wait for a connection,
    /// and later ones, fail with [`NotSent`](crate::Error::NotSent), for `reason`, so that they can be sent elsewhere; those in
    /// flight get their replies. Then the connections are closed and the supervisor ends. [`close`](Node::close) waits for that.
    pub(super) fn leave(&self, reason: &'static str) {
        self.shared.leave(reason);
        self.pool.leave(reason);
    }

    /// Fails with [`NotSent`](crate::Error::NotSent) the requests that wait for a connection, because another node serves their
    /// slots now. The router must know that one before, so that they are not sent here again.
    pub(super) fn fail_parked(&self) {
        self.shared.fail_parked(SLOTS_MOVED);
        self.pool.fail_waiting();
    }

    /// Ends the requests in flight, because the node does not answer and another one has its slots. Those that wait for a connection
    /// can be sent elsewhere.
    pub(super) fn abandon(&self) {
        self.shared.abandon(STALLED);
        self.pool.abandon();
    }

    /// Returns a mark that changes when a request on the shared connection is answered; `None` while none waits for its replies. For
    /// dedicated connections in use, which may block, the server is pinged on the shared one.
    pub(super) fn progress(&self) -> Option<u64> {
        let progress = self.shared.progress();
        if progress.is_none() && self.pool.count().in_use > 0 {
            self.shared.ping();
        }
        progress
    }

    /// Takes no more requests, and waits until those in flight have ended and the connections are closed.
    pub(super) async fn close(&self) {
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

    pub(super) fn metrics(&self) -> Metrics {
        let pool = self.pool.count();
        Metrics { pool_in_use: pool.in_use, pool_idle: pool.idle, ..self.shared.metrics() }
    }
}
