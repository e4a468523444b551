//! What an operator can see of a client's connections: counters, and an event whenever the shared connection changes.

use super::failure::{Broken, Failure};
use crate::{error::Error, trace};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::sync::{broadcast, watch};

/// How many events wait for a listener that is slow.
const BACKLOG: usize = 64;

/// What a client's connections count and tell.
pub(crate) struct Monitor {
    /// What spans and their events say of the server.
    server: trace::Server,
    pub(crate) counters: Counters,
    events: broadcast::Sender<Event>,
    /// Whether there is a shared connection.
    link: watch::Sender<Link>,
}

/// Whether there is a shared connection.
#[derive(Clone, Debug)]
pub(crate) enum Link {
    Up,
    /// There may be none, and nobody makes one until a caller sees to it.
    Unkept,
    /// There is none, for this reason.
    Down(Error),
    Closed,
}

/// Each is one more of what [`Metrics`] says.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) connections: AtomicU64,
    pub(crate) connect_failures: AtomicU64,
    pub(crate) reconnects: AtomicU64,
    conflicts: AtomicU64,
    retries: AtomicU64,
    pub(crate) unknown_outcomes: AtomicU64,
}

/// What a client has counted since it was made, and how it stands now: the result of
/// [`Client::metrics`](crate::Client::metrics).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metrics {
    /// Connections that were made, the shared one and those of the pool.
    pub connections: u64,
    /// Attempts to connect that failed.
    pub connect_failures: u64,
    /// How often the shared connection was made again after it was lost.
    pub reconnects: u64,
    /// Transactions that met a conflict, each attempt counted.
    pub conflicts: u64,
    /// Attempts after the first, of transactions and of pipelines that are
    /// [sent again](crate::Pipeline::retry_reads).
    pub retries: u64,
    /// Requests of which nobody knows whether they ran: the connection was lost, or the reply was late, after their first
    /// byte was written. Reads while keys are watched are not counted, since nothing was written by them.
    pub unknown_outcomes: u64,
    /// Requests on the shared connection that have no answer yet, those that wait to be written included.
    pub in_flight: usize,
    /// How many of them wait to be written.
    pub queued: usize,
    /// How many bytes those are.
    pub queued_bytes: usize,
    /// Connections of the pool that have an owner now: watching pipelines and blocking commands.
    pub pool_in_use: usize,
    /// Connections of the pool that are open and wait for an owner.
    pub pool_idle: usize,
}

/// A change of the shared connection, as [`Client::events`](crate::Client::events) tells it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// There is a connection again.
    Connected {
        /// How often the shared connection was made again by now.
        reconnects: u64,
    },
    /// The connection was lost. What was written and not answered has an unknown outcome, the rest waits for the next.
    Lost {
        /// How it ended.
        reason: Arc<str>,
    },
    /// An attempt to connect failed. The next one comes after a pause.
    ConnectFailed {
        /// Why.
        error: Error,
        /// How many attempts have failed since the connection was lost.
        attempts: u32,
        /// How long until the next one.
        pause: Duration,
    },
    /// So many events were missed, because nobody listened for too long.
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
        let (events, link) = (broadcast::Sender::new(BACKLOG), watch::Sender::new(Link::Up));
        Arc::new(Monitor { server, counters: Counters::default(), events, link })
    }

    pub(crate) fn events(&self) -> Events {
        Events(self.events.subscribe())
    }

    /// Whether there is a shared connection, and when that changes.
    pub(crate) fn link(&self) -> watch::Receiver<Link> {
        self.link.subscribe()
    }

    /// What spans say of the server.
    pub(crate) fn server(&self) -> &trace::Server {
        &self.server
    }

    /// A connection of either kind, `shared` or `own`, was made.
    pub(crate) fn connected(&self, which: &'static str) {
        trace::connected(&self.server, which);
        self.counters.connections.fetch_add(1, Relaxed);
    }

    /// An attempt to connect failed.
    pub(crate) fn failed(&self) {
        self.counters.connect_failures.fetch_add(1, Relaxed);
    }

    /// The shared connection is there again.
    pub(crate) fn back(&self) {
        let reconnects = self.counters.reconnects.fetch_add(1, Relaxed) + 1;
        self.link.send_replace(Link::Up);
        self.tell(Event::Connected { reconnects });
    }

    /// The shared connection is lost.
    pub(crate) fn lost(&self, broken: &Broken) -> Error {
        let source = broken.source();
        trace::lost(&self.server, &source);
        let why = Error::NotSent { source };
        self.away(&why, Event::Lost { reason: broken.to_string().into() });
        why
    }

    /// The shared connection still is lost.
    pub(crate) fn away(&self, why: &Error, event: Event) {
        self.link.send_replace(Link::Down(why.clone()));
        self.tell(event);
    }

    /// Nobody makes a connection until a caller sees to it.
    pub(crate) fn unkept(&self) {
        self.link.send_replace(Link::Unkept);
    }

    /// There will be no connection any more.
    pub(crate) fn closed(&self) {
        if !matches!(self.link.send_replace(Link::Closed), Link::Closed) {
            self.tell(Event::Closed);
        }
    }

    /// Counts the failure of a request that was written and has no reply.
    #[cold]
    pub(crate) fn counted(&self, failure: Failure) -> Failure {
        if !matches!(failure, Failure::NotSent(_)) {
            self.counters.unknown_outcomes.fetch_add(1, Relaxed);
        }
        failure
    }

    /// A transaction met a conflict.
    pub(crate) fn conflict(&self) {
        self.counters.conflicts.fetch_add(1, Relaxed);
    }

    /// Something is tried once more.
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

    fn tell(&self, event: Event) {
        // Without a listener nobody is told.
        let _ = self.events.send(event);
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}
