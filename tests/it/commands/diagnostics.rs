//! The commands on the server's logs, its delays, its memory and its commands, each run against a real one.

use crate::support::rows::{has, in_both_protocols};
use std::time::{Duration, SystemTime};
use typedis::{
    Client, Error, Result, Value,
    commands::{
        diagnostics::{CommandlogKind, HotkeysOptions},
        introspection::CommandFilter,
        replication::{FailoverOptions, Role},
    },
    prelude::*,
};
use typedis_testing::{Fake, Server, Vendor};

#[tokio::test]
async fn slow_commands_are_told() {
    in_both_protocols(logs).await;
}

/// Runs every command on the logs of commands.
pub(super) async fn logs(server: &Server, client: &Client) -> Result<()> {
    client.config_set("slowlog-log-slower-than", 0).await?;
    client.set("a\u{1}", "b").await?;
    client.config_set("slowlog-log-slower-than", -1).await?;
    assert!(client.slowlog_len().await? >= 2);
    let entries = client.slowlog_get().await?;
    let set = entries.iter().find(|entry| entry.command[0] == "SET").expect("it was logged");
    assert_eq!(set.command, ["SET", "a\u{1}", "b"]);
    assert!(set.duration < Duration::from_secs(10) && set.client_name.is_none());
    assert!(set.client_addr.as_ref().is_some_and(|address| address.starts_with("127.0.0.1:")), "{set:?}");
    assert!(SystemTime::now().duration_since(set.time).unwrap() < Duration::from_secs(60));
    assert_eq!(client.slowlog_get_count(1).await?, entries[..1]);
    client.slowlog_reset().await?;
    assert_eq!(client.slowlog_get_count(5).await?, []);

    if server.vendor() == Vendor::Valkey && server.version() >= (8, 1, 0) {
        client.config_set("commandlog-request-larger-than", 1000).await?;
        client.set("large", "x".repeat(2000)).await?;
        let large = client.commandlog_get(10, CommandlogKind::LargeRequest).await?;
        assert!(large.len() == 1 && large[0].value > 2000 && large[0].command[0] == "SET", "{large:?}");
        assert_eq!(client.commandlog_len(CommandlogKind::LargeRequest).await?, 1);
        client.commandlog_reset(CommandlogKind::LargeRequest).await?;
        assert_eq!(client.commandlog_get(10, CommandlogKind::LargeReply).await?, []);
        assert_eq!(client.commandlog_len(CommandlogKind::Slow).await?, 0);
    }
    Ok(())
}

#[tokio::test]
async fn delays_are_told() {
    in_both_protocols(delays).await;
}

/// Runs every command on delays.
pub(super) async fn delays(server: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.latency_latest().await?, []);
    assert_eq!(client.latency_history("command").await?, []);
    let error = client.latency_graph("command").await.unwrap_err();
    assert!(matches!(&error, Error::Server { at, .. } if at.name == "LATENCY GRAPH"), "{error}");

    client.config_set("latency-monitor-threshold", 1).await?;
    client.eval::<()>("for n = 1, 100000 do redis.sha1hex('') end", (), ()).await?;
    let latest = client.latency_latest().await?;
    let event = latest.first().expect("the script was slow");
    assert!(event.latest_ms >= 1 && event.longest_ms >= event.latest_ms, "{event:?}");
    let history = client.latency_history(&event.event).await?;
    assert_eq!(history.last().map(|(_, milliseconds)| *milliseconds), Some(event.latest_ms));
    assert!(client.latency_graph(&event.event).await?.contains(&event.event));
    assert!(!client.latency_doctor().await?.is_empty());
    assert_eq!(client.latency_reset_events([&*event.event, "nonsense"]).await?, 1);
    client.latency_reset().await?;
    client.config_set("latency-monitor-threshold", 0).await?;

    if has(server, (7, 0, 0), "LATENCY HISTOGRAM") {
        client.ping().await?;
        let times = client.latency_histogram(["ping", "nonsense"]).await?;
        assert!(times.len() == 1 && times["ping"].calls >= 1, "{times:?}");
        assert!(times["ping"].histogram_usec.last().is_some_and(|(_, calls)| *calls == times["ping"].calls));
        assert!(client.latency_histogram_all().await?.contains_key("config|set"));
    }
    Ok(())
}

#[tokio::test]
async fn the_memory_is_told() {
    in_both_protocols(memory).await;
}

/// Runs the commands on the memory as a whole.
pub(super) async fn memory(_: &Server, client: &Client) -> Result<()> {
    client.set("a", "b").await?;
    let stats = client.memory_stats().await?;
    assert!(stats.keys_count >= 1 && stats.total_allocated > stats.startup_allocated, "{stats:?}");
    assert!(stats.dataset_percentage > 0.0 && stats.peak_allocated > stats.startup_allocated, "{stats:?}");
    assert!(stats.others.keys().any(|name| name.starts_with("db.")), "{stats:?}");
    client.memory_purge().await?;
    assert!(!client.memory_doctor().await?.is_empty() && !client.memory_malloc_stats().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn commands_are_told() {
    in_both_protocols(commands).await;
}

/// Runs every command on commands.
pub(super) async fn commands(server: &Server, client: &Client) -> Result<()> {
    let all = client.command_all().await?;
    assert_eq!(all.len() as u64, client.command_count().await?);
    let told = client.command_info(["get", "nonsense"]).await?;
    let get = told[0].as_ref().expect("every server has GET");
    assert_eq!((get.name.as_str(), get.arity, get.first_key, get.last_key, get.step), ("get", 2, 1, 1, 1));
    assert!(get.flags.contains(&"readonly".to_owned()) && get.acl_categories.contains(&"@read".to_owned()));
    assert_eq!(told[1], None);
    assert_eq!(client.command_getkeys::<String>(["MSET", "a", "1", "b", "2"]).await?, ["a", "b"]);
    let error = client.command_getkeys::<String>(["PING", "x"]).await.unwrap_err();
    assert!(matches!(&error, Error::Server { at, .. } if at.name == "COMMAND GETKEYS"), "{error}");
    if !has(server, (7, 0, 0), "COMMAND LIST") {
        return Ok(());
    }
    let client_command = all.iter().find(|command| command.name == "client").expect("every server has CLIENT");
    assert!(client_command.subcommands.iter().any(|command| command.name == "client|kill"));
    let flags = client.command_getkeysandflags::<String>(["SET", "a", "1"]).await?;
    assert_eq!(flags, [("a".to_owned(), vec!["OW".to_owned(), "update".to_owned()])]);
    let docs = client.command_docs(["get", "client|kill", "config"]).await?;
    assert_eq!((docs["get"].since.as_deref(), docs["get"].group.as_deref()), (Some("1.0.0"), Some("string")));
    assert!(docs["client|kill"].history.iter().any(|(version, _)| version == "2.8.12"));
    assert!(docs["config"].subcommands.iter().any(|(name, docs)| name == "config|get" && docs.since.is_some()));
    assert!(client.command_docs_all().await?.len() > 200);
    assert!(client.command_list().await?.len() > 200);
    let mut streams = client.command_list_by(CommandFilter::Pattern("xread*")).await?;
    streams.sort();
    assert_eq!(streams, ["xread", "xreadgroup"]);
    assert!(client.command_list_by(CommandFilter::AclCategory("geo")).await?.contains(&"geoadd".to_owned()));
    assert!(client.command_list_by(CommandFilter::Module("nonsense")).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_server_follows_another_and_leads_again() {
    in_both_protocols(roles).await;
}

/// Runs every command on replication.
pub(super) async fn roles(server: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.role().await?, Role::Primary { offset: 0, replicas: Vec::new() });
    let primary = Server::start().await;
    client.replicaof("127.0.0.1", primary.addr().port()).await?;
    let Role::Replica { primary_host, primary_port, .. } = client.role().await? else { panic!("it follows another") };
    assert_eq!((primary_host.as_str(), primary_port), ("127.0.0.1", primary.addr().port()));
    client.replicaof_no_one().await?;
    assert!(matches!(client.role().await?, Role::Primary { replicas, .. } if replicas.is_empty()));

    if has(server, (6, 2, 0), "FAILOVER") {
        let refused = |result: Result<()>| match result.unwrap_err() {
            Error::Server { at, error } if at.name == "FAILOVER" => error.message().to_owned(),
            error => panic!("{error}"),
        };
        assert!(refused(client.failover().await).contains("connected replicas"));
        assert!(refused(client.failover_abort().await).contains("No failover"));
        let options = FailoverOptions::new().to("127.0.0.1", 1).timeout(10).force();
        assert!(refused(client.failover_with(options).await).contains("replica"));
    }
    Ok(())
}

/// A peer with Redis' replies to HOTKEYS and BACKUP, in RESP3 or RESP2; no server at hand has them.
async fn newer(protocol: u8) -> (Fake, Client) {
    let fake = Fake::commands(move |command| {
        let words: Vec<_> = command.iter().map(String::as_str).collect();
        let report: &[u8] = match protocol {
            3 => b"*1\r\n%4\r\n$15\r\ntracking-active\r\n:1\r\n$12\r\nsample-ratio\r\n:1\r\n$14\r\nby-cpu-time-us\r\n*2\r\n$2\r\nhk\r\n:5\r\n$12\r\nby-net-bytes\r\n*0\r\n",
            _ => b"*1\r\n*8\r\n$15\r\ntracking-active\r\n:1\r\n$12\r\nsample-ratio\r\n:1\r\n$14\r\nby-cpu-time-us\r\n*2\r\n$2\r\nhk\r\n:5\r\n$12\r\nby-net-bytes\r\n*0\r\n",
        };
        let status: &[u8] =
            if protocol == 3 { b"%1\r\n$5\r\nstate\r\n$4\r\nidle\r\n" } else { b"*2\r\n$5\r\nstate\r\n$4\r\nidle\r\n" };
        let null: &[u8] = if protocol == 3 { b"_\r\n" } else { b"$-1\r\n" };
        match &words[..] {
            ["HELLO", ..] => b"%1\r\n$5\r\nproto\r\n:3\r\n".to_vec(),
            ["HOTKEYS", "GET"] => report.to_vec(),
            ["HOTKEYS", "STOP"] => null.to_vec(),
            ["HOTKEYS", "START", "METRICS", "1", "CPU", "COUNT", "3"] | ["HOTKEYS", "RESET"] => b"+OK\r\n".to_vec(),
            ["HOTKEYS", "START", "METRICS", "1", "CPU", "COUNT", "3", "SLOTS", "1", "5"] => b"+OK\r\n".to_vec(),
            ["BACKUP", "STATUS"] => status.to_vec(),
            ["BACKUP", "LIST"] => b"*1\r\n$2\r\n/b\r\n".to_vec(),
            ["BACKUP", "START" | "SEAL" | "ABORT" | "CLEANUP"] => b"+OK\r\n".to_vec(),
            _ => b"-ERR unknown\r\n".to_vec(),
        }
    })
    .await;
    let client = Client::connect(&format!("{}?protocol={protocol}", fake.url())).await.unwrap();
    (fake, client)
}

#[tokio::test]
async fn hot_keys_are_told() {
    for protocol in [2, 3] {
        let (_fake, client) = newer(protocol).await;
        client.hotkeys_start(HotkeysOptions::cpu().count(3)).await.unwrap();
        let report = client.hotkeys_get().await.unwrap().expect("a session has run");
        assert!(report.is_active && report.by_net_bytes.is_empty());
        assert_eq!(report.by_cpu_time_us, [("hk".into(), 5)]);
        assert_eq!(report.others["sample-ratio"], Value::Integer(1));
        assert!(!client.hotkeys_stop().await.unwrap());
        client.hotkeys_reset().await.unwrap();
        client.hotkeys_start_slots(HotkeysOptions::cpu().slots(&[5]).count(3)).await.unwrap();
        for slots in [&[][..], &[5, 16384]] {
            let result = client.hotkeys_start_slots(HotkeysOptions::cpu().slots(slots)).await;
            assert!(matches!(&result, Err(Error::Argument { .. })), "{result:?}");
        }
    }
}

#[tokio::test]
async fn hot_keys_are_told_by_their_requests() {
    let fake = Fake::commands(|command| match command[0].as_str() {
        "HELLO" => b"%1\r\n$5\r\nproto\r\n:3\r\n".to_vec(),
        _ => b"*1\r\n%3\r\n$3\r\nkey\r\n$2\r\nhk\r\n$2\r\ndb\r\n:0\r\n$3\r\nqps\r\n:5\r\n".to_vec(),
    })
    .await;
    let client = Client::connect(&fake.url()).await.unwrap();
    let keys = client.hotkeys_get_qps().await.unwrap();
    assert_eq!((keys.len(), &keys[0].key[..], keys[0].db, keys[0].qps), (1, &b"hk"[..], 0, 5.0));
}

#[tokio::test]
async fn a_backup_is_begun_and_ended() {
    for protocol in [2, 3] {
        let (_fake, client) = newer(protocol).await;
        client.backup_start().await.unwrap();
        assert_eq!(client.backup_status().await.unwrap().fields["state"], Value::Bulk("idle".into()));
        client.backup_seal().await.unwrap();
        assert_eq!(client.backup_list().await.unwrap(), ["/b"]);
        client.backup_abort().await.unwrap();
        client.backup_cleanup().await.unwrap();
    }
}
