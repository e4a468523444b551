//! The commands on a cluster, each run on a node of its own or on a cluster of three primaries.

use crate::support::{
    calls,
    rows::{assert_all_ran, has, supports},
};
use typedis::{
    Client, ClusterClient, Config, Error, Result,
    commands::{
        cluster::{ClusterFailoverMode, ClusterResetMode, SlotMetric, SlotMigrations, SlotState, SlotStatsOptions},
        connection::PauseMode,
        diagnostics::HotkeysOptions,
        registry,
    },
    key::hash_slot,
    options::flag::FlushSync,
    pipeline,
    prelude::*,
};
use typedis_testing::{ClusterSet, Fake, FakeCluster, Server};

const PROTOCOLS: [&str; 2] = ["?protocol=3", "?protocol=2"];

/// A client of this node alone.
async fn client_of(url: &str, protocol: &str) -> Client {
    Client::open(Config::from_url(&format!("{url}{protocol}")).unwrap().single_node()).await.unwrap()
}

/// Returns whether the server has the command with this method.
fn has_row(server: &Server, method: &str) -> bool {
    registry().any(|row| row.method == method && supports(server, row.since))
}

#[tokio::test]
async fn a_cluster_tells_of_its_nodes_and_slots() {
    for protocol in PROTOCOLS {
        let set = ClusterSet::start().await;
        let node = set.node(0);
        let client = client_of(&node.url(), protocol).await;
        told(node, &client).await.unwrap_or_else(|error| panic!("{protocol}: {error}"));
    }
}

async fn told(node: &typedis_testing::ClusterNode, client: &Client) -> Result<()> {
    let id = client.cluster_myid().await?;
    assert_eq!(id, node.id());
    let info = client.cluster_info().await?;
    assert_eq!((info.get("cluster_state"), info.parse("cluster_known_nodes")), (Some("ok"), Some(3)));
    let nodes = client.cluster_nodes().await?;
    assert_eq!((nodes.len(), nodes.iter().map(|node| node.slots.len()).sum::<usize>()), (3, 3), "{nodes:?}");
    let own = nodes.iter().find(|node| node.has_flag("myself")).expect("it knows itself");
    assert_eq!((own.id.as_str(), own.host_and_port().map(|(_, port)| port)), (node.id(), Some(node.addr().port())));
    assert!(own.has_flag("master") && own.primary.is_none() && own.link_state == "connected");
    let (first, last) = own.slots[0];

    let slots = client.cluster_slots().await?;
    let range = slots.iter().find(|range| range.first == first).expect("every slot has a node");
    assert_eq!((slots.len(), range.last, range.nodes.len(), range.nodes[0].id.as_deref()), (3, last, 1, Some(&*id)));
    if has(node, (7, 0, 0), "CLUSTER SHARDS") {
        let shards = client.cluster_shards().await?;
        // A node of Valkey that was just made may leave out its own shard, and says its slots twice from then on.
        for shard in &shards {
            let node = &shard.nodes[0];
            let same = nodes.iter().find(|other| other.id == node.id).expect("both replies are of one cluster");
            assert_eq!((&shard.slots, node.port), (&same.slots, same.host_and_port().map(|(_, port)| port)));
            assert_eq!((node.role.as_str(), node.health.as_str(), shard.nodes.len()), ("master", "online", 1));
        }
        assert!(shards.len() >= 2, "{shards:?}");
        let links = client.cluster_links().await?;
        assert!(
            links.iter().any(|link| link.direction == "to" && link.node != id && link.create_time > 0),
            "{links:?}"
        );
    }
    assert_eq!(client.cluster_replicas(&id).await?, []);
    assert_eq!(client.cluster_count_failure_reports(&id).await?, 0);

    let key = (0..).map(|number| format!("key:{number}")).find(|key| (first..=last).contains(&hash_slot(key))).unwrap();
    let slot = hash_slot(&key);
    client.set(&key, 1).await?;
    assert_eq!(client.cluster_keyslot(&key).await?, slot);
    assert_eq!(client.cluster_countkeysinslot(slot).await?, 1);
    assert_eq!(client.cluster_getkeysinslot::<String>(slot, 10).await?, [&*key]);
    if has_row(node, "cluster_slot_stats") {
        let stats = client.cluster_slot_stats(slot, slot).await?;
        assert_eq!((stats.len(), stats[0].0, stats[0].1.key_count), (1, slot, 1));
        let most = client.cluster_slot_stats_by(SlotMetric::KeyCount, SlotStatsOptions::new().limit(2).desc()).await?;
        assert_eq!((most.len(), most[0].0), (2, slot));
        let most = client.cluster_slot_stats_by(SlotMetric::KeyCount, SlotStatsOptions::new()).await?;
        assert!(most.len() > 2, "{most:?}");
    }
    if has_row(node, "cluster_flushslot") {
        client.cluster_flushslot(slot).await?;
        client.cluster_flushslot_with(slot, FlushSync).await?;
    }
    client.del(&key).await?;
    Ok(())
}

#[tokio::test]
async fn a_save_is_one_of_all_primaries() {
    let set = ClusterSet::start().await;
    let client = ClusterClient::connect(&set.node(0).url()).await.unwrap();
    client.save().await.unwrap();
    let mut earliest = None;
    for node in set.nodes() {
        assert_eq!(calls(node, "save").await, 1);
        let saved = client_of(&node.url(), "").await.lastsave().await.unwrap();
        earliest = earliest.into_iter().chain([saved]).min();
    }
    assert_eq!(Some(client.lastsave().await.unwrap()), earliest);
}

#[tokio::test]
async fn slots_that_are_none_are_refused_before_they_are_sent() {
    let server = Server::start().await;
    let client = Client::connect(&server.url()).await.unwrap();
    let refused = [
        client.cluster_addslots(&[16384]).await,
        client.cluster_addslots(&[]).await,
        client.cluster_delslotsrange(&[(5, 4)]).await,
        client.cluster_countkeysinslot(u16::MAX).await.map(drop),
        client.cluster_setslot(16384, SlotState::Stable).await,
    ];
    for result in refused {
        assert!(matches!(&result, Err(Error::Argument { .. })), "{result:?}");
    }
}

#[tokio::test]
async fn every_row_was_run() {
    for protocol in PROTOCOLS {
        let builder = Server::builder().arg("cluster-enabled", "yes").arg("cluster-config-file", "nodes.conf");
        let server = builder.start().await;
        let client = client_of(&server.url(), protocol).await;
        changing(&server, &client).await.unwrap_or_else(|error| panic!("{protocol}: {error}"));
        assert_all_ran(&server, "cluster").await;
    }
}

/// Runs every command on a node that is alone; the server refuses those that need others.
async fn changing(server: &Server, client: &Client) -> Result<()> {
    let refused = |result: Result<()>, words: &str| match result.unwrap_err() {
        Error::Server { error, .. } if error.message().contains(words) => {}
        error => panic!("expected `{words}`: {error}"),
    };
    client.cluster_set_config_epoch(3).await?;
    client.cluster_addslots(&[0, 5]).await?;
    assert_eq!(client.cluster_nodes().await?[0].slots, [(0, 0), (5, 5)]);
    refused(client.cluster_addslots(&[5]).await, "already busy");
    client.cluster_delslots(&[5]).await?;
    if has(server, (7, 0, 0), "CLUSTER ADDSLOTSRANGE") {
        client.cluster_addslotsrange(&[(1, 9), (20, 29)]).await?;
        client.cluster_delslotsrange(&[(5, 9)]).await?;
        assert_eq!(client.cluster_nodes().await?[0].slots, [(0, 4), (20, 29)]);
        client.cluster_shards().await?;
        client.cluster_links().await?;
    }
    client.cluster_setslot(0, SlotState::Stable).await?;
    refused(client.cluster_setslot(0, SlotState::Migrating("nobody")).await, "know");
    refused(client.cluster_setslot(1000, SlotState::Importing("nobody")).await, "know");
    refused(client.cluster_setslot(0, SlotState::Node("nobody")).await, "nknown node");
    if has_row(server, "cluster_setslot_timeout") {
        client.cluster_setslot_timeout(0, SlotState::Stable, 10).await?;
    }
    assert!(client.cluster_bumpepoch().await?.contains(' '));
    client.cluster_saveconfig().await?;
    refused(client.cluster_failover().await, "replica");
    refused(client.cluster_failover_with(ClusterFailoverMode::Force).await, "replica");
    refused(client.cluster_forget("nobody").await, "nknown node");
    refused(client.cluster_replicate("nobody").await, "nknown node");
    refused(client.cluster_replicas("nobody").await.map(drop), "nknown node");
    refused(client.cluster_count_failure_reports("nobody").await.map(drop), "nknown node");
    refused(client.cluster_meet("no address", 1).await, "Invalid node address");
    refused(client.cluster_meet_bus("no address", 1, 2).await, "Invalid node address");
    let id = client.cluster_myid().await?;
    if server.redis_version() >= (7, 2, 0) {
        assert_eq!(client.cluster_myshardid().await?.len(), 40);
    }
    if has_row(server, "cluster_migrateslots") {
        assert_eq!(client.cluster_getslotmigrations().await?, []);
        refused(client.cluster_cancelslotmigrations().await, "No migrations");
        client.cluster_migrateslots(SlotMigrations::new(&[(0, 1)], "nobody")).await.unwrap_err();
        client.cluster_replicate_no_one().await?;
        client.cluster_flushslot(0).await?;
    }
    client.cluster_info().await?;
    client.cluster_slots().await?;
    client.cluster_keyslot("a").await?;
    client.cluster_countkeysinslot(0).await?;
    client.cluster_getkeysinslot::<String>(0, 1).await?;
    if has_row(server, "cluster_slot_stats") {
        client.cluster_slot_stats(0, 0).await?;
    }
    client.cluster_flushslots().await?;
    assert_eq!(client.cluster_nodes().await?[0].slots, []);
    client.cluster_reset().await?;
    assert_eq!(client.cluster_myid().await?, id);
    client.cluster_reset_with(ClusterResetMode::Hard).await?;
    assert_ne!(client.cluster_myid().await?, id);
    Ok(())
}

#[tokio::test]
async fn valkey_moves_slots_from_their_node() {
    let set = ClusterSet::start().await;
    let (source, target) = (set.node(0), set.node(1));
    if !has_row(source, "cluster_migrateslots") {
        return println!("skipped: CLUSTER MIGRATESLOTS came with Valkey 9.0");
    }
    for (protocol, slot) in [("?protocol=3", 5), ("?protocol=2", 6)] {
        let client = client_of(&source.url(), protocol).await;
        let (range, id) = ([(slot, slot)], target.id().to_owned());
        client.cluster_migrateslots(SlotMigrations::new(&range, &id)).await.unwrap();
        crate::support::eventually("the slot has moved", async || {
            let told = client.cluster_getslotmigrations().await.unwrap();
            let migration = told.iter().find(|told| told.slot_ranges.starts_with(&format!("{slot}-"))).unwrap();
            assert_eq!((migration.target_node.as_str(), migration.source_node.as_str()), (target.id(), source.id()));
            assert_eq!((migration.operation.as_str(), migration.name.len()), ("EXPORT", 40));
            migration.state == "success"
        })
        .await;
    }
}

/// No server at hand has CLUSTER MIGRATION, so a peer replies what Redis 8.4 does.
#[tokio::test]
async fn redis_moves_slots_to_their_node() {
    for protocol in [2, 3] {
        let fake = Fake::commands(move |command| {
            let words: Vec<_> = command.iter().map(String::as_str).collect();
            let fields = "$2\r\nid\r\n$2\r\nt1\r\n$5\r\nslots\r\n$3\r\n0-5\r\n$5\r\nstate\r\n$9\r\ncompleted\r\n$7\r\nretries\r\n:0\r\n";
            match &words[..] {
                ["HELLO", ..] => b"%1\r\n$5\r\nproto\r\n:3\r\n".to_vec(),
                ["CLUSTER", "MIGRATION", "IMPORT", "0", "5", "7", "7"] => b"$2\r\nt1\r\n".to_vec(),
                ["CLUSTER", "MIGRATION", "CANCEL", "ID", "t1"] | ["CLUSTER", "MIGRATION", "CANCEL", "ALL"] => b":1\r\n".to_vec(),
                ["CLUSTER", "MIGRATION", "STATUS", "ID", "t1"] if protocol == 3 => format!("*1\r\n%4\r\n{fields}").into(),
                ["CLUSTER", "MIGRATION", "STATUS", "ID", "t1"] => format!("*1\r\n*8\r\n{fields}").into(),
                ["CLUSTER", "MIGRATION", "STATUS", "ALL"] => b"*0\r\n".to_vec(),
                _ => b"-ERR unknown\r\n".to_vec(),
            }
        })
        .await;
        let client = Client::connect(&format!("{}?protocol={protocol}", fake.url())).await.unwrap();
        assert_eq!(client.cluster_migration_import(&[(0, 5), (7, 7)]).await.unwrap(), "t1");
        let tasks = client.cluster_migration_status("t1").await.unwrap();
        assert_eq!(
            (tasks[0].id.as_str(), tasks[0].slots.as_str(), tasks[0].state.as_str()),
            ("t1", "0-5", "completed")
        );
        assert_eq!((tasks[0].others.len(), tasks[0].last_error.as_str()), (1, ""));
        assert_eq!(client.cluster_migration_status_all().await.unwrap(), []);
        assert_eq!(client.cluster_migration_cancel("t1").await.unwrap(), 1);
        assert_eq!(client.cluster_migration_cancel_all().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn what_changes_servers_changes_all_of_them() {
    let set = ClusterSet::start().await;
    let client = ClusterClient::connect(&set.node(0).url()).await.unwrap();
    client.client_pause(1).await.unwrap();
    client.acl_log_reset().await.unwrap();
    client.acl_load().await.unwrap_err();
    for node in set.nodes() {
        // Servers of 7.0 and later count subcommands by themselves.
        let by_name = has(node, (7, 0, 0), "cmdstat of subcommands");
        let counted = if by_name { ["client|pause", "acl|log", "acl|load"] } else { ["client", "acl", "acl"] };
        for command in counted {
            assert!(calls(node, command).await >= 1, "{command} at {:?}", node.addr());
        }
    }
    if has(set.node(0), (6, 2, 0), "CLIENT UNPAUSE") {
        client.client_pause_with(60_000, PauseMode::Write).await.unwrap();
        client.client_unpause().await.unwrap();
        for slot in ["a", "b", "c", "d", "e", "f", "g", "h"] {
            client.set(slot, 1).await.unwrap();
        }
    }
}

/// No server at hand has HOTKEYS, so peers reply what Redis 8.6 does. On one of them the session has ended by itself.
#[tokio::test]
async fn a_session_that_tracks_keys_is_one_of_every_primary() {
    let cluster = FakeCluster::start(2, |call| match call.words() {
        [command, what] if command == "HOTKEYS" && what == "STOP" && call.node() == 0 => Some(b"_\r\n".to_vec()),
        [command, ..] if command == "HOTKEYS" => Some(b"+OK\r\n".to_vec()),
        _ => None,
    })
    .await;
    let client = ClusterClient::connect(&cluster.url()).await.unwrap();
    client.hotkeys_start(HotkeysOptions::cpu()).await.unwrap();
    for _ in 0..8 {
        assert!(client.hotkeys_stop().await.unwrap(), "it ran on one of them");
    }
    client.hotkeys_reset().await.unwrap();
    assert_eq!((cluster.count(0, "HOTKEYS"), cluster.count(1, "HOTKEYS")), (10, 10));
}

/// A batch is not of a cluster before it is executed, so the compiler cannot refuse it.
#[tokio::test]
async fn a_command_of_one_server_is_refused_before_it_is_sent() {
    let set = ClusterSet::start().await;
    let client = ClusterClient::connect(&set.node(0).url()).await.unwrap();
    let batch = pipeline! { set("a", 1); client_kill(1) };
    let results = [batch.execute(&client).await, batch.execute(client.pipeline().without_transaction()).await];
    for result in results {
        let error = result.unwrap_err().to_string();
        assert!(error.contains("CLIENT KILL") && error.contains("Config::single_node"), "{error}");
    }
    assert_eq!(client.get::<i64>("a").await.unwrap(), None);
}
