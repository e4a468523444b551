//! Failover behind one address: a server that has become a replica says so in its errors, and the address may lead to
//! the new primary. So the connections to it are given up once their replies are in, and the address is looked up anew.
//!
//! The nodes of a cluster change their roles in place, and a router follows their redirects. So connections to them stay, and the
//! errors are signs for the node's observer.

use super::{
    departure::{Departure, GRACE, SWITCHED},
    send_queue::SendQueue,
};
use crate::{
    connection::{
        config::{Address, Settings},
        metrics::{Monitor, NodeSign},
        sentinel::Sentinels,
        sync::lock,
        transport::Session,
    },
    error::Redirect,
    resp::ErrorObserver,
};
use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// The pause after connections were given up, before they may be again: the first one and the longest. It doubles while the
/// new connections still lead to a replica.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The time without a sign of a failover after which the pause is the first one again. Accepted writes, which would be a
/// surer sign of a primary, are not looked at, so that they cost nothing.
const QUIET: Duration = Duration::from_secs(60);

/// The detection of a failover at one address, for its shared connection and its pool.
pub(crate) struct Failover {
    queue: Arc<SendQueue>,
    settings: Arc<Settings>,
    monitor: Arc<Monitor>,
    sentinels: Option<Arc<Sentinels>>,
    /// The number of failovers that errors have told of.
    signs: AtomicU64,
    /// The number of the primary that the shared connection leads to.
    shared_primary: AtomicU64,
    rate_limit: Mutex<RateLimit>,
}

/// What was known of failovers when a connection was opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Generation {
    /// The number of those that errors had told of.
    signs: u64,
    /// The number of the primary that the connection leads to, if Sentinels have named it; else 0.
    primary: u64,
}

impl Generation {
    /// The generation of the connection with this session.
    pub(crate) fn of(self, session: &Session) -> Generation {
        Generation { primary: session.primary.as_ref().map_or(0, |primary| primary.number), ..self }
    }
}

/// The connection on which a sign of a failover came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The driver, which is being polled then, looks at the queue next.
    Shared,
    Dedicated,
}

/// The rate limit, with exponential backoff, on giving up connections.
#[derive(Default)]
struct RateLimit {
    last_sign: Option<Instant>,
    /// When connections may be given up next, and the pause after that.
    next: Option<Instant>,
    pause: Duration,
}

impl Failover {
    pub(super) fn new(
        queue: Arc<SendQueue>,
        settings: Arc<Settings>,
        monitor: Arc<Monitor>,
        sentinels: Option<Arc<Sentinels>>,
    ) -> Arc<Failover> {
        Arc::new(Failover {
            queue,
            settings,
            monitor,
            sentinels,
            signs: AtomicU64::new(0),
            shared_primary: AtomicU64::new(0),
            rate_limit: Mutex::default(),
        })
    }

    /// The generation of a connection that is about to be opened.
    pub(crate) fn generation(&self) -> Generation {
        Generation { signs: self.signs.load(Ordering::Acquire), primary: 0 }
    }

    /// Returns whether connections of this generation are to be given up.
    pub(crate) fn is_stale(&self, generation: Generation) -> bool {
        let switched = |sentinels: &Arc<Sentinels>| sentinels.present() > generation.primary;
        generation.signs != self.signs.load(Ordering::Acquire) || self.sentinels.as_ref().is_some_and(switched)
    }

    /// Returns what a dedicated connection of this generation has to look at while it is open.
    pub(crate) fn departure(&self, generation: Generation) -> Option<Departure> {
        self.sentinels.as_ref().map(|sentinels| Departure::new(generation.primary, sentinels.switches()))
    }

    /// Returns an observer for a connection of this generation to `peer`.
    pub(crate) fn observer(
        self: &Arc<Self>,
        generation: Generation,
        origin: Origin,
        peer: Option<SocketAddr>,
    ) -> ErrorObserver {
        if let Some(observer) = self.monitor.observer().cloned() {
            return ErrorObserver::new(move |error| {
                if let Some(sign) = node_sign(error) {
                    observer(sign);
                }
            });
        }
        let failover = self.clone();
        ErrorObserver::new(move |error| {
            if let Some(reason) = sign(error, &failover.settings.address, peer) {
                failover.note(reason, generation, origin);
            }
        })
    }

    /// Notes which primary the next shared connection leads to.
    pub(super) fn opening(&self, generation: Generation) {
        self.shared_primary.store(generation.primary, Ordering::Release);
    }

    /// Gives up the shared connection of this generation, which was just opened, if a failover was noticed meanwhile.
    pub(super) fn opened(&self, generation: Generation) {
        if self.is_stale(generation) {
            self.queue.retire(REPLICA, false);
        }
    }

    /// Gives up the connections, unless those have been given up already, or others a short while ago.
    fn note(&self, reason: &'static str, generation: Generation, origin: Origin) {
        {
            let mut rate_limit = lock(&self.rate_limit);
            if self.is_stale(generation) || !rate_limit.allows(Instant::now()) {
                return;
            }
            self.signs.fetch_add(1, Ordering::AcqRel);
        }
        self.queue.retire(reason, origin == Origin::Dedicated);
    }

    /// Gives up the shared connection whenever Sentinels name another server as the primary than that which it leads to: once its
    /// replies are in, or without them when their time is over, since the old primary may be frozen. Ends with the client.
    pub(super) async fn follow(&self, sentinels: &Sentinels) {
        let mut switches = sentinels.switches();
        loop {
            let is_old = *switches.borrow_and_update() > self.shared_primary.load(Ordering::Acquire);
            let retired = if is_old { self.queue.retire(SWITCHED, true) } else { None };
            if retired.is_some() {
                sleep(GRACE).await;
                self.queue.give_up(retired, SWITCHED);
            }
            if switches.changed().await.is_err() {
                return;
            }
        }
    }
}

impl RateLimit {
    /// Returns whether connections may be given up now, at a sign of a failover.
    fn allows(&mut self, now: Instant) -> bool {
        let last_sign = self.last_sign.replace(now);
        if last_sign.is_none_or(|last| now.duration_since(last) >= QUIET) {
            self.pause = FIRST_PAUSE;
        } else if self.next.is_some_and(|next| now < next) {
            return false;
        }
        self.next = now.checked_add(self.pause);
        self.pause = (2 * self.pause).min(LONGEST_PAUSE);
        true
    }
}

const REPLICA: &str = "the server is a replica now";
const MOVED: &str = "the server says that another one is at its address now";

/// The texts of Redis and Valkey. Behind other beginnings than these, an error may quote what a user of the application has
/// entered.
const EXEC_ABORTED: &str = "EXECABORT Transaction discarded because of: READONLY ";
/// The errors that Redis before 7.0 has for scripts, and the end of their texts.
const SCRIPT_FAILED: &str = "ERR Error running script (call to f_";
const WRITE_REFUSED: &str = ": -READONLY You can't write against a read only replica. ";
const UNBLOCKED: &str = "UNBLOCKED force unblock from blocking operation, instance state changed";

/// Returns what an error says of the server's role, if it is a sign of a failover. REDIRECT is none: servers say it to clients
/// that ask for it by CLIENT CAPA, as this one does not.
fn sign(error: &[u8], address: &Address, peer: Option<SocketAddr>) -> Option<&'static str> {
    let error = std::str::from_utf8(error).ok()?;
    if is_of_replica(error) {
        return Some(REPLICA);
    }
    let redirect = Redirect::parse(error)?;
    (redirect.moved && leads_back(redirect, address, peer)).then_some(MOVED)
}

/// Returns what an error says of a node of a cluster, if it is a sign of trouble. What a user has entered may look like one, which
/// costs the observer a look.
fn node_sign(error: &[u8]) -> Option<NodeSign> {
    let error = std::str::from_utf8(error).ok()?;
    match error.split(' ').next() {
        Some("MOVED") => Some(NodeSign::Moved),
        Some("CLUSTERDOWN") => Some(NodeSign::ClusterDown),
        _ => is_of_replica(error).then_some(NodeSign::Replica),
    }
}

/// Returns whether only a replica, or a server that has just become one, says so.
fn is_of_replica(error: &str) -> bool {
    error.starts_with("READONLY ")
        || error.starts_with(UNBLOCKED)
        || error.starts_with(EXEC_ABORTED)
        || (error.starts_with(SCRIPT_FAILED) && error.trim_end().ends_with(WRITE_REFUSED.trim_end()))
}

/// Returns whether a redirect leads to where its connection was opened: to the address of the settings, or to the peer.
fn leads_back(Redirect { host, port, .. }: Redirect<'_>, address: &Address, peer: Option<SocketAddr>) -> bool {
    let ip = host.parse::<IpAddr>().ok();
    let is_peer = peer
        .is_some_and(|peer| peer.port() == port && ip.is_some_and(|ip| ip.to_canonical() == peer.ip().to_canonical()));
    is_peer
        || match address {
            // An unknown host stands for the one that answers.
            Address::Tcp { host: own, port: own_port } => {
                *own_port == port && (matches!(host, "" | "?") || own.eq_ignore_ascii_case(host))
            }
            #[cfg(unix)]
            Address::Unix(_) => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(from: Instant, given_up: impl Fn(u64) -> bool, until: u64) -> Vec<u64> {
        let mut rate_limit = RateLimit::default();
        let signs = (0..until).filter(|second| given_up(*second));
        signs.filter(|second| rate_limit.allows(from + Duration::from_secs(*second))).collect()
    }

    #[test]
    fn the_pause_doubles_up_to_half_a_minute_while_signs_come() {
        assert_eq!(seconds(Instant::now(), |_| true, 130), [0, 1, 3, 7, 15, 31, 61, 91, 121]);
    }

    #[test]
    fn a_minute_without_a_sign_makes_the_pause_short_again() {
        let signs = |second| !(10..69).contains(&second);
        assert_eq!(seconds(Instant::now(), signs, 80), [0, 1, 3, 7, 69, 70, 72, 76]);
        // A write by mistake now and then, on a connection to a replica, costs one new connection each.
        assert_eq!(seconds(Instant::now(), |second| second % 100 == 0, 301), [0, 100, 200, 300]);
    }

    #[test]
    fn errors_of_a_replica_are_signs() {
        let own = Address::Tcp { host: "redis.example".into(), port: 6379 };
        let sign = |error: &str| sign(error.as_bytes(), &own, Some(([10, 0, 0, 1], 7000).into()));
        for error in [
            "READONLY You can't write against a read only replica.",
            "READONLY You can't write against a read only replica. script: 1fe2, on @user_script:1.",
            "READONLY Can not run script with write flag on readonly replica",
            "ERR Error running script (call to f_1): @user_script:1: @user_script: 1: \
             -READONLY You can't write against a read only replica. ",
            "EXECABORT Transaction discarded because of: READONLY You can't write against a read only replica.",
            "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
        ] {
            assert_eq!(sign(error), Some(REPLICA), "{error}");
        }
        for error in [
            "MOVED 1 redis.example:6379",
            "MOVED 1 REDIS.example:6379",
            "MOVED 1 :6379",
            "MOVED 1 ?:6379",
            "MOVED 1 10.0.0.1:7000",
            "MOVED 1 ::ffff:10.0.0.1:7000",
        ] {
            assert_eq!(sign(error), Some(MOVED), "{error}");
        }
    }

    #[test]
    fn errors_of_a_node_are_signs_for_its_router() {
        for (error, sign) in [
            ("MOVED 1 10.0.0.1:6379", Some(NodeSign::Moved)),
            ("MOVED 1 :6379", Some(NodeSign::Moved)),
            ("CLUSTERDOWN The cluster is down", Some(NodeSign::ClusterDown)),
            ("CLUSTERDOWN Hash slot not served", Some(NodeSign::ClusterDown)),
            ("READONLY You can't write against a read only replica.", Some(NodeSign::Replica)),
            ("UNBLOCKED force unblock from blocking operation, instance state changed", Some(NodeSign::Replica)),
            ("ASK 1 10.0.0.1:6379", None),
            ("TRYAGAIN Multiple keys request during rehashing of slot", None),
            ("ERR MOVED", None),
        ] {
            assert_eq!(node_sign(error.as_bytes()), sign, "{error}");
        }
    }

    #[test]
    fn other_errors_are_none() {
        let own = Address::Tcp { host: "redis.example".into(), port: 6379 };
        for error in [
            &b"UNBLOCKED client unblocked via CLIENT UNBLOCK"[..],
            b"UNBLOCKED the stream key no longer exists",
            b"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
            b"NOREPLICAS Not enough good replicas to write.",
            b"REDIRECT 10.0.0.2:6379",
            b"MOVED 1 10.0.0.1:6379",
            b"MOVED 1 redis.example:6380",
            b"MOVED 1 redis.example",
            b"MOVED 1",
            b"MOVED",
            b"ERR READONLY",
            // What a user has entered.
            b"ERR unknown command `HGETEX`, with args beginning with: `READONLY You can't write against a read only replica.`",
            b"ERR a message: READONLY You can't write against a read only replica.",
            b"EXECABORT Transaction discarded because of previous errors: READONLY You can't write against a read only",
            b"READONLYX y",
            b"READONLY \xff",
            b"",
        ] {
            assert_eq!(sign(error, &own, None), None, "{}", error.escape_ascii());
        }
    }
}
