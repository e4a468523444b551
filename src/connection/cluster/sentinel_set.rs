//! A Sentinel set: a primary and its replicas, as Sentinels name them. It is like a cluster of one shard, but without slots, so that
//! any of its servers can be asked for any key. Only reads from replicas use it; the primary has its connections by itself.

use super::{
    refresh,
    state::Cluster,
    topology::{NodeInfo, ShardInfo, Topology},
};
use crate::{
    connection::{
        config::Address,
        node::Node,
        sentinel::{NamedServers, Sentinels},
        sync::lock,
    },
    error::{Error, Result, SentinelErrorKind},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{runtime, sync::watch};

/// The time between two questions while a replica is missing, or behind its primary: the Sentinels look at replicas as often.
const UNSETTLED: Duration = Duration::from_secs(10);
/// The time between two questions while the Sentinels do not answer.
const UNANSWERED: Duration = Duration::from_secs(1);

/// The Sentinels that name the servers of a set.
pub(super) struct SentinelSet {
    sentinels: Arc<Sentinels>,
    last: Mutex<Last>,
}

/// The outcome of the last question.
struct Last {
    failure: Option<Error>,
    is_settled: bool,
}

impl Cluster {
    /// Returns the servers of the set whose primary `primary` is; `None` where no Sentinels name it. No Sentinel is asked for replicas
    /// before the first read.
    pub(crate) fn of_sentinels(primary: &Node, runtime: &runtime::Handle) -> Option<Arc<Cluster>> {
        let sentinels = primary.multi().sentinels()?.clone();
        let set = SentinelSet { sentinels, last: Mutex::new(Last { failure: None, is_settled: false }) };
        Some(Cluster::of_primary(primary.clone(), set, runtime.clone(), refresh::spawn))
    }
}

impl SentinelSet {
    /// The switches to another primary.
    pub(super) fn switches(&self) -> watch::Receiver<u64> {
        self.sentinels.switches()
    }

    /// The time after which the Sentinels are asked again, though nothing asks for that; at most `longest`.
    pub(super) fn interval(&self, longest: Duration) -> Duration {
        let last = lock(&self.last);
        match (&last.failure, last.is_settled) {
            (Some(_), _) => UNANSWERED,
            (None, false) => UNSETTLED,
            (None, true) => longest,
        }
    }

    /// Asks the Sentinels, and lets the set have the servers that they name. While they do not answer it keeps those that it has.
    pub(super) async fn refresh(&self, set: &Cluster) -> bool {
        let (last, is_answered) = match self.sentinels.replicas().await {
            Ok(named) => {
                let is_settled = !named.replicas.is_empty() && named.replicas.iter().all(|replica| replica.is_linked);
                set.adopt(&topology(&named), &named.primary);
                (Last { failure: None, is_settled }, true)
            }
            Err(error) => {
                if !set.is_known() {
                    // The primary can be read from without them.
                    let primary = self.primary(set);
                    set.adopt(&topology(&NamedServers { primary: primary.clone(), replicas: Vec::new() }), &primary);
                }
                (Last { failure: Some(error), is_settled: false }, false)
            }
        };
        *lock(&self.last) = last;
        is_answered
    }

    /// The error of a read that no server can answer: that of the Sentinels, if they do not answer either.
    pub(super) fn no_server(&self, set: &Cluster, without_primary: bool) -> Error {
        if let Some(failure) = &lock(&self.last).failure {
            return failure.clone();
        }
        let reason = if without_primary {
            "no replica of this primary can be asked, and this client reads `without_primary()`: add a replica, or let the \
             primary answer"
        } else {
            "neither a replica of this primary nor the primary can be asked: are the servers running?"
        };
        let address = self.primary(set).to_string().into();
        Error::Sentinel { kind: SentinelErrorKind::NoReplica, address, reason: reason.into() }
    }

    fn primary(&self, set: &Cluster) -> Address {
        self.sentinels.known().unwrap_or_else(|| set.settings().address.clone())
    }
}

/// Returns what Sentinels have named as the topology of one shard.
fn topology(named: &NamedServers) -> Topology {
    let info =
        |address: &Address, is_behind| NodeInfo { address: address.clone(), id: "".into(), zone: None, is_behind };
    let replicas = named.replicas.iter().map(|replica| info(&replica.address, !replica.is_linked));
    let shard = ShardInfo { slots: Vec::new(), primary: info(&named.primary, false), replicas: replicas.collect() };
    Topology { epoch: 0, is_ok: true, shards: vec![shard] }
}

/// Fails where a client of one server has no replicas.
pub(crate) fn expect_replicas<T>(replicas: Option<T>) -> Result<T> {
    replicas.ok_or_else(|| {
        Error::config(
            "this client is of one server, whose replicas are not known to it: replicas are read from by a client that Sentinels \
             lead to its primary (`redis+sentinel://`), or by a `ClusterClient`",
        )
    })
}
