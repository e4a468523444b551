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
    counters: Counters,
    events: broadcast::Sender<Event>,
    status: watch::Sender<Status>,
    /// The time at which a connection was last lost.
    last_loss: Mutex<Option<Instant>>,
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

/// A change of the shared connection; see [`Client::events`](crate::Client::events).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// There is a connection again.
    Connected {
        /// The number of reconnections by now.
        reconnects: u64,
    },
    /// The connection was lost. Requests that were written and have no reply have an unknown outcome, the others wait for
    /// the next connection. Or it was given up, because the server has become a replica; then all requests that were
    /// written have their replies.
    Lost {
        /// The error that ended the connection.
        reason: Arc<str>,
    },
    /// An attempt to connect failed. The next one follows after a pause.
    ConnectFailed {
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
    pub(crate) fn new(server: trace::Server) -> Arc<Self> {
        let status = Status { state: ConnectionState::Connected, error: None };
        Arc::new(Monitor {
            server,
            counters: Counters::default(),
            events: broadcast::Sender::new(BACKLOG),
            status: watch::Sender::new(status),
            last_loss: Mutex::default(),
        })
    }

    pub(crate) fn events(&self) -> Events {
        Events(self.events.subscribe())
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
        match address {
            Address::Tcp { host, port } => self.server.leads_to(host, Some(*port)),
            #[cfg(unix)]
            Address::Unix(path) => self.server.leads_to(path.display(), None),
        }
    }

    /// Counts a new connection, `shared` or `dedicated`.
    pub(crate) fn connected(&self, which: &'static str) {
        trace::connected(&self.server, which);
        self.counters.connections.fetch_add(1, Relaxed);
    }

    /// Counts an attempt to connect that failed.
    pub(crate) fn connect_failed(&self) {
        self.counters.connect_failures.fetch_add(1, Relaxed);
    }

    /// Counts and publishes that there is a shared connection again.
    pub(crate) fn reconnected(&self) {
        let reconnects = self.counters.reconnects.fetch_add(1, Relaxed) + 1;
        self.publish(ConnectionState::Connected, None);
        self.emit(Event::Connected { reconnects });
    }

    /// Publishes that the shared connection was lost. Returns the error of requests that were not sent because of it.
    pub(crate) fn lost(&self, disconnect: &Disconnect) -> Error {
        self.note_loss();
        let source = disconnect.source();
        trace::lost(&self.server, &source);
        let why = Error::NotSent { source };
        self.disconnected(&why, Event::Lost { reason: disconnect.to_string().into() });
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

    /// Publishes that the client was closed.
    pub(crate) fn closed(&self) {
        if self.publish(ConnectionState::Closed, None).state != ConnectionState::Closed {
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
    }

    /// Publishes a state and returns the one before.
    fn publish(&self, state: ConnectionState, error: Option<Error>) -> Status {
        self.status.send_replace(Status { state, error })
    }

    fn emit(&self, event: Event) {
        // An error means that there is no listener.
        let _ = self.events.send(event);
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}
