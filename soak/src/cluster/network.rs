//! The network between the clients and the nodes: a proxy before each node, which the nodes among themselves do not use.

use std::{net::Ipv4Addr, time::Duration};
use tokio::time::sleep;
use typedis_testing::{ClusterNode, ClusterSet, Frame, Proxy};

/// The address of all proxies, which the nodes tell their clients; each has the port of its node.
pub const PROXY_ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// A proxy before each node; none where nodes cannot tell another address than their own, as before Redis 7.0.
#[derive(Debug)]
pub struct Network {
    proxies: Vec<Proxy>,
}

impl Network {
    /// Starts a proxy before each node, and waits until all nodes tell them.
    pub async fn start(set: &ClusterSet) -> Self {
        let mut network = Network { proxies: Vec::new() };
        if set.announced_address().is_none() {
            return network;
        }
        for node in set.nodes() {
            network.add(node).await;
        }
        for node in set.nodes() {
            while !tells_proxies(node).await {
                sleep(Duration::from_millis(5)).await;
            }
        }
        network
    }

    /// Starts a proxy before one more node.
    pub async fn add(&mut self, node: &ClusterNode) {
        self.proxies.push(Proxy::beside(node.addr(), PROXY_ADDRESS).await);
    }

    /// Ends the proxy of the last node.
    pub fn remove_last(&mut self) {
        self.proxies.pop();
    }

    /// The proxies in the order of the nodes.
    pub fn proxies(&self) -> &[Proxy] {
        &self.proxies
    }

    /// The URL of the cluster through the proxies.
    pub fn url(&self, set: &ClusterSet) -> String {
        if self.proxies.is_empty() {
            return set.url();
        }
        let addresses: Vec<String> = self.proxies.iter().map(|proxy| proxy.addr().to_string()).collect();
        format!("redis+cluster://{}", addresses.join(","))
    }
}

/// Returns whether a node tells its clients the address of the proxy of every node.
async fn tells_proxies(node: &ClusterNode) -> bool {
    let slots = node.raw().await.command(["CLUSTER", "SLOTS"]).await;
    // First slot, last slot, and for each node a list that begins with its address.
    let mut nodes = slots.items().iter().flat_map(|range| &range.items()[2..]);
    nodes.all(|node| node.items()[0] == Frame::bulk(PROXY_ADDRESS.to_string()))
}
