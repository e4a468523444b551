//! Discovery: the first map of a cluster, from its seeds.

use super::{
    join,
    state::Cluster,
    topology::{self, Topology},
};
use crate::{
    connection::{config::Address, node::Node, transport::ServerMode},
    error::{Error, Result, ServerError},
    resp::DecodeError,
};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep_until, timeout_at};

/// The pause before a cluster is asked again that does not serve requests yet.
const PAUSE: Duration = Duration::from_millis(100);
/// The time for which seeds are waited for that the cluster does not name, once another seed has answered: they may be of
/// another cluster.
const PATIENCE: Duration = Duration::from_secs(1);

/// Asks all seeds for their topology, and takes the first one of a cluster that serves requests.
pub(super) async fn discover(cluster: &Arc<Cluster>) -> Result<()> {
    let until = Instant::now() + cluster.settings().connect_timeout.min(Duration::from_secs(1 << 30));
    let mut asked: Vec<_> = cluster.seeds().iter().map(|seed| Box::pin(ask(cluster, seed, until))).collect();
    let mut seeds = Seeds::default();
    // Each question ends by itself, with an error that says more than that there was no time left.
    let mut patience = None;
    loop {
        let answer = match patience {
            Some(at) => timeout_at(at, join::next(&mut asked)).await.unwrap_or_default(),
            None => join::next(&mut asked).await,
        };
        let Some((seed, answer)) = answer else { break };
        seeds.add(seed, answer)?;
        if seeds.found.is_some() {
            if seeds.are_all_known(cluster.seeds()) {
                break;
            }
            patience.get_or_insert_with(|| Instant::now() + PATIENCE);
        }
    }
    drop(asked);
    let (topology, from) = seeds.into_found()?;
    cluster.adopt(&topology, &from);
    Ok(())
}

/// What the seeds have answered.
#[derive(Default)]
struct Seeds {
    /// The first topology, and the seed that told it.
    found: Option<(Topology, Address)>,
    answered: Vec<Address>,
    errors: Vec<(Address, Error)>,
}

impl Seeds {
    fn add(&mut self, seed: &Address, answer: Result<Topology>) -> Result<()> {
        self.answered.push(seed.clone());
        match (answer, &self.found) {
            (Ok(topology), None) => self.found = Some((topology, seed.clone())),
            (Ok(topology), Some((first, from))) if !topology.is_same_cluster(first) => {
                let reason = format!("the seed {from} is of another cluster: name seeds of one cluster");
                return Err(Error::cluster(seed, reason));
            }
            (Ok(_), Some(_)) => {}
            (Err(error), _) => self.errors.push((seed.clone(), error)),
        }
        Ok(())
    }

    /// Returns whether each seed has answered, or is a node of the cluster that was found.
    fn are_all_known(&self, seeds: &[Address]) -> bool {
        let of_cluster = |seed: &Address| self.found.as_ref().is_some_and(|(topology, _)| topology.has(seed));
        seeds.iter().all(|seed| self.answered.contains(seed) || of_cluster(seed))
    }

    /// Returns what was found, or the error that says most: of a seed that answered before those of seeds that did not.
    fn into_found(self) -> Result<(Topology, Address)> {
        if let Some(found) = self.found {
            return Ok(found);
        }
        let (unreachable, mut others): (Vec<_>, Vec<_>) = self
            .errors
            .into_iter()
            .partition(|(_, error)| matches!(error, Error::Connect { .. } | Error::Timeout { .. }));
        match (others.pop(), &*unreachable) {
            (Some((_, error)), _) => Err(error),
            (None, [(_, error)]) => Err(error.clone()),
            (None, []) => Err(Error::config("a cluster needs a seed: name a node of it")),
            (None, [(_, first), ..]) => {
                let seeds: Vec<_> = unreachable.iter().map(|(seed, _)| seed.to_string()).collect();
                Err(Error::cluster(seeds.join(", "), format!("no seed can be reached; the first: {first}")))
            }
        }
    }
}

/// Asks a seed for its topology until the cluster serves requests.
async fn ask<'a>(cluster: &'a Cluster, seed: &'a Address, until: Instant) -> (&'a Address, Result<Topology>) {
    let answer = async {
        let node = cluster.nodes().connect(seed).await?;
        loop {
            let topology = topology(&node, seed).await?;
            if topology.is_ok && !topology.shards.is_empty() {
                cluster.nodes().add(seed, node);
                return Ok(topology);
            }
            let again = Instant::now() + PAUSE;
            if again >= until {
                return Err(not_serving(seed, &topology));
            }
            sleep_until(again).await;
        }
    };
    (seed, answer.await)
}

async fn topology(node: &Node, seed: &Address) -> Result<Topology> {
    let replies = node.shared().call(topology::question()).await;
    let replies = replies.map_err(|failure| failure.into_error(|_| topology::QUESTION))?;
    Topology::read(&replies.bytes, seed).map_err(|error| match error {
        DecodeError::Server(error) => refused(seed, &error, node.shared().session().mode),
        DecodeError::Mismatch(reason) => Error::cluster(seed, format!("its map of slots cannot be read: {reason}")),
    })
}

fn refused(seed: &Address, error: &ServerError, mode: Option<ServerMode>) -> Error {
    let remedy = match mode {
        Some(ServerMode::Sentinel) => "it is a Sentinel: name servers, or use `redis+sentinel://` and `Client`",
        _ if error.message().contains("cluster support disabled") => {
            "it is no node of a cluster: connect to it by `Client`, with a `redis://` URL"
        }
        _ => "the client must be allowed CLUSTER INFO and CLUSTER SLOTS",
    };
    Error::cluster(seed, format!("{error}; {remedy}"))
}

fn not_serving(seed: &Address, topology: &Topology) -> Error {
    let reason = match topology.uncovered() {
        Some((first, last)) => format!(
            "it says that the cluster is down (cluster_state:fail), and no node serves the slots {first} to {last}: assign them, \
             by CLUSTER ADDSLOTSRANGE for example"
        ),
        None => "it says that the cluster is down (cluster_state:fail): are most of its primaries running?".to_owned(),
    };
    Error::cluster(seed, reason)
}
