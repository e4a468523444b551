//! The memory of a cluster whose nodes are not used.

use super::*;
use crate::connection::{
    cluster::topology::{NodeInfo, ShardInfo},
    config::Config,
};

/// The resident memory of this process, in bytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

/// Each of 1,000 shards has replicas, so that the nodes outweigh what other tests allocate meanwhile.
#[tokio::test]
async fn a_node_that_is_not_used_takes_at_most_two_kibibytes() {
    const SHARDS: u16 = 1000;
    const REPLICAS: u16 = 49;
    let seed = Address::Tcp { host: "127.0.0.1".into(), port: 7000 };
    let settings = Config::new(seed.clone()).settings;
    let cluster = Cluster::new(settings, vec![seed.clone()], |_| tokio::spawn(async {}));
    let node = |shard: u16, number: u16| {
        let address = Address::Tcp { host: format!("node-{shard}.cluster.example.com"), port: 7000 + number };
        NodeInfo { address, id: Box::default(), zone: None, is_behind: false }
    };
    let shard = |number: u16| ShardInfo {
        slots: vec![(number, number)],
        primary: node(number, 0),
        replicas: (1..=REPLICAS).map(|replica| node(number, replica)).collect(),
    };
    let topology = Topology { epoch: 1, is_ok: true, shards: (0..SHARDS).map(shard).collect() };
    let before = resident();
    cluster.adopt(&topology, &seed);
    let taken = resident().saturating_sub(before);
    let nodes = cluster.nodes().all().len();
    assert_eq!(nodes, usize::from(SHARDS * (REPLICAS + 1)));
    assert!(taken / nodes <= 2048, "{} bytes a node", taken / nodes);
}
