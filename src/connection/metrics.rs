//! Metrics and events: what an operator can see of a client's connections.

use crate::{
    connection::{
        config::Address,
        failure::{Disconnect, RequestError},
        state::ConnectionState,
        sync::lock,
    },
    error::Error,
    trace,
};
use std::{
    fmt, io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::{
    sync::{broadcast, watch},
    time::Instant,
};

/// The number of events kept for a slow listener.
const BACKLOG: usize = 64;

/// Counts what happens on a client's connections, and publishes the shared one's state.
pub(crate) struct Monitor {
    /// The server as spans name it.
    server: trace::Server,
    /// The server's address, as events name it.
    address: Mutex<Arc<str>>,
    counters: Counters,
    events: EventSender,
    /// The observer of a node of a cluster.
    observer: Option<NodeObserver>,
    status: watch::Sender<Status>,
    /// The time at which a connection was last lost.
    last_loss: Mutex<Option<Instant>>,
}

/// A sign that a node of a cluster is in trouble, or serves other slots than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeSign {
    /// A connection to it, shared or dedicated, was lost.
    Lost,
    /// No connection to it could be made.
    Unreachable,
    /// It has answered MOVED: another node serves the slot.
    Moved,
    /// It has refused a write as a replica, or has become one.
    Replica,
    /// It has answered CLUSTERDOWN: the cluster, or the slot, is not served.
    ClusterDown,
}

/// The observer of the signs of one node. It is called with locks of the node held, so it must not use the node; it may wake a
/// task.
pub(crate) type NodeObserver = Arc<dyn Fn(NodeSign) + Send + Sync>;

/// The sender of a client's events. Clones are the same channel: the nodes of a cluster share one.
#[derive(Clone, Debug)]
pub(crate) struct EventSender(broadcast::Sender<Event>);

impl EventSender {
    pub(crate) fn new() -> EventSender {
        EventSender(broadcast::Sender::new(BACKLOG))
    }

    /// Returns the events from now on.
    pub(crate) fn subscribe(&self) -> Events {
        Events(self.0.subscribe())
    }

    pub(crate) fn emit(&self, event: Event) {
        // An error means that there is no listener.
        let _ = self.0.send(event);
    }
}

/// The state of the shared connection, as others wait for it.
#[derive(Clone, Debug)]
pub(crate) struct Status {
    pub(crate) state: ConnectionState,
    /// The reason why there is no connection, while the supervisor reconnects.
    pub(crate) error: Option<Error>,
}

/// The counters behind [`Metrics`].
#[derive(Default)]
struct Counters {
    connections: AtomicU64,
    connect_failures: AtomicU64,
    reconnects: AtomicU64,
    conflicts: AtomicU64,
    retries: AtomicU64,
    unknown_outcomes: AtomicU64,
}

/// The counters of a client since it was made, and its present state: the result of
/// [`Client::metrics`](crate::Client::metrics).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metrics {
    /// Connections that were made, shared and of the pool.
    pub connections: u64,
    /// Attempts to connect that failed.
    pub connect_failures: u64,
    /// Reconnections of the shared connection after it was lost.
    pub reconnects: u64,
    /// Transactions that met a conflict, each attempt counted.
    pub conflicts: u64,
    /// Attempts after the first, of transactions and of pipelines that are
    /// [sent again](crate::Pipeline::retry_reads).
    pub retries: u64,
    /// Requests that may or may not have run: the connection was lost, or the reply was late, after their first byte was
    /// written. Reads while keys are watched are not counted, since they wrote nothing.
    pub unknown_outcomes: u64,
    /// Requests on the shared connection that have no reply yet, those that wait to be written included.
    pub in_flight: usize,
    /// Requests among them that wait to be written, those that wait for room in the queue included.
    pub queued: usize,
    /// The bytes of the requests that wait in the queue to be written; see
    /// [`Config::max_queued_bytes`](crate::Config::max_queued_bytes).
    pub queued_bytes: usize,
    /// The bytes of the requests that wait for room in the queue; see
    /// [`Config::max_waiting_bytes`](crate::Config::max_waiting_bytes).
    pub waiting_bytes: usize,
    /// Connections of the pool that are in use now, by watching pipelines and blocking commands.
    pub pool_in_use: usize,
    /// Connections of the pool that are open and idle.
    pub pool_idle: usize,
}

impl Metrics {
    /// Returns the sum of both.
    pub(crate) fn with(&self, other: &Metrics) -> Metrics {
        Metrics {
            connections: self.connections + other.connections,
            connect_failures: self.connect_failures + other.connect_failures,
            reconnects: self.reconnects + other.reconnects,
            conflicts: self.conflicts + other.conflicts,
            retries: self.retries + other.retries,
            unknown_outcomes: self.unknown_outcomes + other.unknown_outcomes,
            in_flight: self.in_flight + other.in_flight,
            queued: self.queued + other.queued,
            queued_bytes: self.queued_bytes + other.queued_bytes,
            waiting_bytes: self.waiting_bytes + other.waiting_bytes,
            pool_in_use: self.pool_in_use + other.pool_in_use,
            pool_idle: self.pool_idle + other.pool_idle,
        }
    }
}

/// The counters of one node of a cluster; see [`ClusterClient::nodes`](crate::ClientOn::nodes).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NodeMetrics {
    /// The address of the node.
    pub address: Box<str>,
    /// Whether the node is the primary of a shard, by the present map.
    pub is_primary: bool,
    /// The counters of its connections. Conflicts and retries are counted for the client as a whole.
    pub metrics: Metrics,
}

/// A change of the shared connection; see [`Client::events`](crate::Client::events).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// There is a connection again.
    Connected {
        /// The address of the server, in a cluster that of the node.
        server: Arc<str>,
        /// The number of reconnections by now.
        reconnects: u64,
    },
    /// The connection was lost. Requests that were written and have no reply have an unknown outcome, the others wait for
    /// the next connection. Or it was given up, because the server has become a replica; then all requests that were
    /// written have their replies.
    Lost {
        /// The address of the server.
        server: Arc<str>,
        /// The error that ended the connection.
        reason: Arc<str>,
    },
    /// An attempt to connect failed. The next one follows after a pause.
    ConnectFailed {
        /// The address of the server.
        server: Arc<str>,
        /// The error of the attempt.
        error: Error,
        /// The number of attempts that have failed since the connection was lost.
        attempts: u32,
        /// The pause before the next attempt.
        pause: Duration,
    },
    /// The listener was too slow, and missed this many events.
    Missed(u64),
    /// The client was closed; no more events come.
    Closed,
}

/// The changes of a client's shared connection, from when this was made; see [`Client::events`](crate::Client::events).
pub struct Events(broadcast::Receiver<Event>);

impl Events {
    /// Waits for the next event. `None` when the client is gone.
    ///
    /// Dropping the future loses no event.
    pub async fn next(&mut self) -> Option<Event> {
        match self.0.recv().await {
            Ok(event) => Some(event),
            Err(broadcast::error::RecvError::Lagged(missed)) => Some(Event::Missed(missed)),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

impl Monitor {
    /// Makes the monitor of a server. If that is a node of a cluster, it has an `observer`, and shares `events` with the others.
    pub(crate) fn new(
        server: trace::Server,
        address: &Address,
        events: EventSender,
        observer: Option<NodeObserver>,
    ) -> Arc<Self> {
        let status = Status { state: ConnectionState::Unsupervised, error: None };
        Arc::new(Monitor {
            server,
            address: Mutex::new(address.to_string().into()),
            counters: Counters::default(),
            events,
            observer,
            status: watch::Sender::new(status),
            last_loss: Mutex::default(),
        })
    }

    pub(crate) fn events(&self) -> Events {
        self.events.subscribe()
    }

    /// The sender of the client's events.
    pub(crate) fn event_sender(&self) -> EventSender {
        self.events.clone()
    }

    /// The state of the shared connection, to be waited for.
    pub(crate) fn status(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }

    /// Waits until the client is closed.
    pub(crate) async fn wait_closed(&self) {
        // An error would mean that the sender was dropped, and it is a field of `self`.
        let _ = self.status().wait_for(|status| status.state == ConnectionState::Closed).await;
    }

    /// The server as spans name it.
    pub(crate) fn server(&self) -> &trace::Server {
        &self.server
    }

    /// Notes that the shared connection leads to this server, which Sentinels have named.
    pub(crate) fn leads_to(&self, address: &Address) {
        *lock(&self.address) = address.to_string().into();
        match address {
            Address::Tcp { host, port } => self.server.leads_to(host, Some(*port)),
            #[cfg(unix)]
            Address::Unix(path) => self.server.leads_to(path.display(), None),
        }
    }

    /// The server's address.
    pub(crate) fn address(&self) -> Arc<str> {
        lock(&self.address).clone()
    }

    /// Counts a new connection, `shared` or `dedicated`.
    pub(crate) fn connected(&self, which: &'static str) {
        trace::connected(&self.server, which);
        self.counters.connections.fetch_add(1, Relaxed);
    }

    /// Counts an attempt to connect that failed.
    pub(crate) fn connect_failed(&self) {
        self.counters.connect_failures.fetch_add(1, Relaxed);
        self.signal(NodeSign::Unreachable);
    }

    /// The observer, if this is the monitor of a node of a cluster.
    pub(crate) fn observer(&self) -> Option<&NodeObserver> {
        self.observer.as_ref()
    }

    fn signal(&self, sign: NodeSign) {
        if let Some(observer) = &self.observer {
            observer(sign);
        }
    }

    /// Publishes that there is a shared connection for the first time. That is an event where an attempt before has failed.
    pub(crate) fn opened(&self) {
        if self.publish(ConnectionState::Connected, None).state == ConnectionState::Reconnecting {
            self.emit(Event::Connected { server: self.address(), reconnects: self.counters.reconnects.load(Relaxed) });
        }
    }

    /// Counts and publishes that there is a shared connection again.
    pub(crate) fn reconnected(&self) {
        let reconnects = self.counters.reconnects.fetch_add(1, Relaxed) + 1;
        self.publish(ConnectionState::Connected, None);
        self.emit(Event::Connected { server: self.address(), reconnects });
    }

    /// Publishes that the shared connection was lost. Returns the error of requests that were not sent because of it.
    pub(crate) fn lost(&self, disconnect: &Disconnect) -> Error {
        self.note_loss();
        let source = disconnect.source();
        trace::lost(&self.server, &source);
        let why = Error::NotSent { source };
        self.disconnected(&why, Event::Lost { server: self.address(), reason: disconnect.to_string().into() });
        why
    }

    /// Returns why there is no shared connection at present.
    pub(crate) fn why_disconnected(&self) -> Error {
        let known = self.status.borrow().error.clone();
        known.unwrap_or_else(|| Error::NotSent { source: Arc::new(io::ErrorKind::NotConnected.into()) })
    }

    /// The time at which a connection, shared or of the pool, was last lost.
    pub(crate) fn last_loss(&self) -> Option<Instant> {
        *lock(&self.last_loss)
    }

    /// Publishes why there is no shared connection at present.
    pub(crate) fn disconnected(&self, why: &Error, event: Event) {
        self.publish(ConnectionState::Reconnecting, Some(why.clone()));
        self.emit(event);
    }

    /// Publishes that no supervisor runs.
    pub(crate) fn unsupervised(&self) {
        self.publish(ConnectionState::Unsupervised, None);
    }

    /// Publishes that the client was closed, or a node of a cluster has left; the event is one of the client as a whole.
    pub(crate) fn closed(&self) {
        let before = self.publish(ConnectionState::Closed, None);
        if before.state != ConnectionState::Closed && self.observer.is_none() {
            self.emit(Event::Closed);
        }
    }

    /// Counts a request that was written, or may have been, and has no replies.
    #[cold]
    pub(crate) fn count_unknown_outcome(&self, error: RequestError) -> RequestError {
        if !matches!(error, RequestError::NotSent(_)) {
            self.counters.unknown_outcomes.fetch_add(1, Relaxed);
        }
        error
    }

    /// Counts a transaction that met a conflict.
    pub(crate) fn conflict(&self) {
        self.counters.conflicts.fetch_add(1, Relaxed);
    }

    /// Counts an attempt after the first.
    pub(crate) fn retry(&self) {
        self.counters.retries.fetch_add(1, Relaxed);
    }

    pub(crate) fn metrics(&self) -> Metrics {
        let Counters { connections, connect_failures, reconnects, conflicts, retries, unknown_outcomes } =
            &self.counters;
        Metrics {
            connections: connections.load(Relaxed),
            connect_failures: connect_failures.load(Relaxed),
            reconnects: reconnects.load(Relaxed),
            conflicts: conflicts.load(Relaxed),
            retries: retries.load(Relaxed),
            unknown_outcomes: unknown_outcomes.load(Relaxed),
            ..Metrics::default()
        }
    }

    /// Notes that a connection, shared or of the pool, was lost.
    pub(crate) fn note_loss(&self) {
        *lock(&self.last_loss) = Some(Instant::now());
        self.signal(NodeSign::Lost);
    }

    /// Publishes a state and returns the one before.
    fn publish(&self, state: ConnectionState, error: Option<Error>) -> Status {
        self.status.send_replace(Status { state, error })
    }

    fn emit(&self, event: Event) {
        self.events.emit(event);
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}
