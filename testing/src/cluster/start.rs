//! The start of a cluster whose nodes know each other from their first moment.
//!
//! A primary does not serve in the first two seconds after its start, so that a restarted one has the time to learn of a
//! failover. A replica has no such delay. So each primary starts as the replica of a phantom, a node that does not exist
//! and owns the primary's slots, and takes them over at once. A phantom is in handshake, so the others never hear of it.

use super::{
    layout::{FULL_COVERAGE, Layout, Member, random_id},
    node::ClusterNode,
};
use crate::{
    Error,
    binary::Binary,
    server::{MAX_ATTEMPTS, StartError},
};
use std::time::Duration;
use tokio::{task::JoinSet, time::sleep};

/// Starts all nodes of a cluster; again on other ports if another process took one of theirs.
pub(super) async fn start(layout: &Layout, binary: &Binary) -> Result<Vec<ClusterNode>, Error> {
    let mut attempts = 1;
    loop {
        match start_once(layout, binary, &layout.members()).await {
            Ok(nodes) => return Ok(nodes),
            Err(StartError::PortTaken) if attempts < MAX_ATTEMPTS => attempts += 1,
            Err(error) => return Err(Error(error.into_message())),
        }
    }
}

async fn start_once(layout: &Layout, binary: &Binary, members: &[Member]) -> Result<Vec<ClusterNode>, StartError> {
    let (primaries, replicas) = members.split_at(layout.primaries);
    let mut nodes = start_primaries(layout, binary, primaries, members).await?;
    nodes.extend(start_all(layout, binary, replicas, members, &[]).await?);
    Ok(nodes)
}

/// Starts primaries, each of which has taken over its slots on return.
pub(super) async fn start_primaries(
    layout: &Layout,
    binary: &Binary,
    primaries: &[Member],
    members: &[Member],
) -> Result<Vec<ClusterNode>, StartError> {
    let phantoms: Vec<String> = primaries.iter().map(|_| random_id()).collect();
    let nodes = start_all(layout, binary, primaries, members, &phantoms).await?;
    for (node, phantom) in nodes.iter().zip(&phantoms) {
        let mut raw = node.raw().await;
        while !raw.command(["CLUSTER", "INFO"]).await.text().contains("cluster_state:ok") {
            sleep(Duration::from_millis(1)).await;
        }
        for command in [["CLUSTER", "FAILOVER", "TAKEOVER"], ["CLUSTER", "FORGET", phantom]] {
            let reply = raw.command(command).await;
            if reply.is_error() {
                return Err(StartError::Other(format!("{command:?}: {reply:?}\n{}", node.log())));
            }
        }
    }
    Ok(nodes)
}

/// Starts some of the members at the same time, each with a phantom to replicate if there are `phantoms`.
async fn start_all(
    layout: &Layout,
    binary: &Binary,
    started: &[Member],
    members: &[Member],
    phantoms: &[String],
) -> Result<Vec<ClusterNode>, StartError> {
    let mut starting = JoinSet::new();
    for (number, member) in started.iter().enumerate() {
        let nodes = member.nodes_file(layout, members, phantoms.get(number));
        let server = layout.settings(member.ports).file("nodes.conf", nodes);
        let (binary, member) = (binary.clone(), member.clone());
        starting.spawn(async move {
            let server = server.start_at(binary, member.ports).await?;
            Ok((number, ClusterNode::new(server, member.id)))
        });
    }
    let mut nodes = starting.join_all().await.into_iter().collect::<Result<Vec<_>, StartError>>()?;
    nodes.sort_by_key(|(number, _)| *number);
    Ok(nodes.into_iter().map(|(_, node)| node).collect())
}

/// Sets what the nodes have been without while they got to know each other.
pub(super) async fn require_full_coverage(layout: &Layout, nodes: &mut [ClusterNode]) {
    let wanted = layout.server.setting(FULL_COVERAGE).unwrap_or("yes");
    for node in nodes {
        node.set(FULL_COVERAGE, wanted).await;
    }
}
