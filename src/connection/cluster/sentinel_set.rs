//! A Sentinel set: a primary and its replicas, as Sentinels name them. It is like a cluster of one shard, but without slots, so that
//! any of its servers can be asked for any key. Only reads from replicas use it; the primary has its connections by itself.

use super::topology::{NodeInfo, ShardInfo, Topology};
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
use tokio::sync::watch;

/// The time between two questions while no replica is named, or one that is behind its primary: the Sentinels look at them as often.
const UNSETTLED: Duration = Duration::from_secs(10);
/// The time between two questions while the Sentinels do not answer.
const UNANSWERED: Duration = Duration::from_secs(1);

/// The Sentinels that name the servers of a set.
pub(super) struct SentinelSet {
    sentinels: Arc<Sentinels>,
    /// The address that stands for the primary while it is in doubt.
    stand_in: Address,
    last: Mutex<Last>,
}

/// The outcome of the last question.
#[derive(Default)]
struct Last {
    failure: Option<Error>,
    /// The last answer.
    named: Option<NamedServers>,
}

impl Last {
    /// Returns whether all replicas follow their primary, and there is one at least.
    fn is_settled(&self) -> bool {
        let replicas = self.named.as_ref().map_or(&[][..], |named| &named.replicas);
        !replicas.is_empty() && replicas.iter().all(|replica| replica.is_linked)
    }
}

/// The servers of a set.
pub(super) struct SetServers {
    pub(super) topology: Topology,
    pub(super) primary: Address,
    /// They are others than those of the last answer.
    pub(super) is_news: bool,
}

impl SentinelSet {
    /// Returns the set of a primary; `None` where no Sentinels name it. No Sentinel is asked for replicas before the first read.
    pub(super) fn of(primary: &Node) -> Option<SentinelSet> {
        let sentinels = primary.multi().sentinels()?.clone();
        Some(SentinelSet { sentinels, stand_in: primary.settings().address.clone(), last: Mutex::default() })
    }

    /// The switches to another primary.
    pub(super) fn switches(&self) -> watch::Receiver<u64> {
        self.sentinels.switches()
    }

    /// The time after which the Sentinels are asked again, though nothing asks for that; at most `longest`.
    pub(super) fn interval(&self, longest: Duration) -> Duration {
        let last = lock(&self.last);
        match (&last.failure, last.is_settled()) {
            (Some(failure), _) if failure.is_transient() => UNANSWERED,
            (Some(_), _) | (None, false) => UNSETTLED,
            (None, true) => longest,
        }
    }

    /// The longest time between two questions that are wanted: `unanswered` while no Sentinel answers. A replica that cannot be reached
    /// though it is up by the word of the Sentinels asks for one at each attempt to connect.
    pub(super) fn longest_pause(&self, unanswered: Duration) -> Duration {
        if lock(&self.last).failure.is_some() { unanswered } else { UNSETTLED }
    }

    /// Asks the Sentinels for the servers; `None` while no Sentinel answers.
    pub(super) async fn ask(&self) -> Option<SetServers> {
        let answer = self.sentinels.replicas().await;
        let mut last = lock(&self.last);
        match answer {
            Ok(named) => {
                let (topology, primary) = (topology(&named), named.primary.clone());
                let is_news = last.named.as_ref() != Some(&named);
                *last = Last { failure: None, named: Some(named) };
                Some(SetServers { topology, primary, is_news })
            }
            Err(error) => {
                last.failure = Some(error);
                None
            }
        }
    }

    /// The primary alone, which can be read from before any Sentinel has named the replicas.
    pub(super) fn without_replicas(&self) -> SetServers {
        let named = NamedServers { primary: self.primary(), replicas: Vec::new() };
        SetServers { topology: topology(&named), primary: named.primary, is_news: false }
    }

    /// The error of a read that no server can answer: that of the Sentinels, if they do not answer either.
    pub(super) fn no_server(&self, without_primary: bool, failures: &str) -> Error {
        if let Some(failure) = &lock(&self.last).failure {
            return failure.clone();
        }
        let reason = if without_primary {
            "no replica of this primary can be asked, and this client reads `without_primary()`: add a replica, or let the \
             primary answer"
        } else {
            "neither a replica of this primary nor the primary can be asked: are the servers running?"
        };
        let address = self.primary().to_string().into();
        Error::Sentinel { kind: SentinelErrorKind::NoReplica, address, reason: format!("{reason}{failures}").into() }
    }

    fn primary(&self) -> Address {
        self.sentinels.known().unwrap_or_else(|| self.stand_in.clone())
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
