//! The commands on the server and on the connection, each run against a real one.

use crate::support::rows::{assert_all_ran, has, in_both_protocols, supports};
use std::{
    collections::HashMap,
    time::{Duration, SystemTime},
};
use typedis::{
    Client, Config, Error, Key, Result,
    commands::{registry, server::ModuleConfig},
    hlist_pat,
    key::Str,
    options::{
        ShutdownOptions, UnblockAs,
        flag::{FlushAsync, FlushSync},
    },
    prelude::*,
};
use typedis_testing::{Frame, Server};

/// Repeats a request until its answer is true.
async fn until(mut question: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
    let asking = async {
        while !question().await? {}
        Ok(())
    };
    tokio::time::timeout(Duration::from_secs(20), asking).await.expect("it never came true")
}

#[tokio::test]
async fn flushing_leaves_no_key() {
    in_both_protocols(flushing).await;
}

async fn flushing(server: &Server, client: &Client) -> Result<()> {
    let other = Client::connect(&format!("{}/1", server.url())).await?;
    client.flushall().await?;

    for round in 0..2 {
        client.mset([("a", 1), ("b", 2)]).await?;
        other.set("c", 3).await?;
        assert_eq!((client.dbsize().await?, other.dbsize().await?), (2, 1));
        match round {
            0 => client.flushdb().await?,
            _ => client.flushdb_with(FlushAsync).await?,
        }
        assert_eq!((client.dbsize().await?, other.dbsize().await?), (0, 1));
    }

    let hlist_pat![(), (), kept, (), swept] =
        client.pipeline().set("a", 1).flushdb_with(FlushAsync).dbsize().flushall().dbsize().execute().await?;
    assert_eq!((kept, swept), (0, 0));
    assert_eq!(other.dbsize().await?, 0);
    other.set("c", 3).await?;
    client.flushall_with(FlushAsync).await?;
    assert_eq!(other.dbsize().await?, 0);
    if has(server, (6, 2, 0), "SYNC") {
        other.set("c", 3).await?;
        client.flushall_with(FlushSync).await?;
        client.flushdb_with(FlushSync).await?;
        assert_eq!(other.dbsize().await?, 0);
    }
    Ok(())
}

#[tokio::test]
async fn swapped_databases_hold_each_others_keys() {
    in_both_protocols(swapping).await;
}

async fn swapping(server: &Server, client: &Client) -> Result<()> {
    let other = Client::connect(&format!("{}/1", server.url())).await?;
    client.flushall().await?;
    client.set("a", 1).await?;
    client.swapdb(0, 1).await?;
    assert_eq!((client.dbsize().await?, other.dbsize().await?), (0, 1));
    client.swapdb(1, 0).await?;
    assert_eq!((client.dbsize().await?, other.dbsize().await?), (1, 0));
    let error = client.swapdb(0, 4_000_000).await.unwrap_err();
    assert!(error.to_string().contains("SWAPDB"), "{error}");
    Ok(())
}

#[tokio::test]
async fn the_server_answers_and_tells_of_itself() {
    in_both_protocols(telling).await;
}

async fn telling(server: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.ping().await?, "PONG");
    assert_eq!(client.ping_with::<String>("hello").await?, "hello");
    assert_eq!(client.echo::<String>("a\r\nb").await?, "a\r\nb");
    let hlist_pat![pong, seven, bytes] =
        client.pipeline().ping().ping_with::<i64>(7).echo::<Vec<u8>>(b"\xff\0").execute().await?;
    assert_eq!((pong.as_str(), seven, bytes.as_slice()), ("PONG", 7, &b"\xff\0"[..]));

    let info = client.info().await?;
    assert!(info.contains("# Server") && info.contains("\nredis_version:") && info.contains("# Keyspace"), "{info}");
    let memory = client.info_section("memory").await?;
    assert!(memory.starts_with("# Memory") && !memory.contains("redis_version"), "{memory}");
    assert_eq!(&*client.info_section("nonsense").await?, "");
    assert_eq!(client.info_section("server").await?.parse("arch_bits"), Some(64));
    if has(server, (7, 0, 0), "INFO of several sections") {
        let two = client.info_sections(["server", "clients"]).await?;
        assert!(two.get("connected_clients").is_some() && two.get("process_id").is_some());
    }

    assert!(client.command_count().await? > 200);
    Ok(())
}

#[tokio::test]
async fn the_servers_clock_is_read_to_the_microsecond() {
    in_both_protocols(clock).await;
}

async fn clock(_: &Server, client: &Client) -> Result<()> {
    let before = SystemTime::now() - Duration::from_micros(1);
    let told = client.time().await?;
    assert!((before..=SystemTime::now()).contains(&told), "{told:?} is not between {before:?} and now");
    let hlist_pat![first, second] = client.pipeline().time().time().execute().await?;
    assert!(told <= first && first <= second);
    assert!(client.lastsave().await? <= told);
    Ok(())
}

#[tokio::test]
async fn a_connection_is_known_by_its_number_and_its_name() {
    in_both_protocols(knowing).await;
}

async fn knowing(server: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.client_getname().await?, None);
    let named = Client::open(Config::from_url(&server.url())?.client_name("worker")).await?;
    assert_eq!(named.client_getname().await?.as_deref(), Some("worker"));

    let shared = client.client_id().await?;
    let mut own = client.pipeline().watch("a").await?;
    assert_ne!(own.client_id().await?, shared);
    let hlist_pat![queued] = client.pipeline().client_id().execute().await?;
    assert_eq!(queued, shared);

    let info = client.client_info().await?;
    assert_eq!(info.id(), Some(shared), "{info:?}");
    let list = client.client_list().await?;
    assert!(list.len() >= 3 && list.iter().any(|info| info.name() == Some("worker")), "{list:?}");
    Ok(())
}

/// The id of the connection with this name.
async fn number_of(client: &Client, name: &str) -> Result<u64> {
    let list = client.client_list().await?;
    let info = list.iter().find(|info| info.name() == Some(name)).expect("it is connected");
    Ok(info.id().expect("a line begins with the id"))
}

#[tokio::test]
async fn a_waiting_connection_can_be_woken_and_any_closed() {
    in_both_protocols(waking).await;
}

async fn waking(server: &Server, client: &Client) -> Result<()> {
    let mut sleeper = server.raw().await;
    sleeper.command(["CLIENT", "SETNAME", "sleeper"]).await;
    let id = number_of(client, "sleeper").await?;
    assert!(!client.client_unblock(id).await?);

    sleeper.send(["BLPOP", "nothing", "0"]).await;
    until(async || client.client_unblock(id).await).await?;
    assert_eq!(sleeper.receive().await, Frame::Null);

    sleeper.send(["BLPOP", "nothing", "0"]).await;
    until(async || client.client_unblock_with(id, UnblockAs::Error).await).await?;
    assert!(matches!(sleeper.receive().await, Frame::Error(words) if words.starts_with("UNBLOCKED")));

    sleeper.send(["BLPOP", "nothing", "0"]).await;
    until(async || client.client_unblock_with(id, UnblockAs::Timeout).await).await?;
    assert_eq!(sleeper.receive().await, Frame::Null);

    assert!(client.client_kill(id).await?);
    assert!(sleeper.try_receive().await.is_err());
    assert!(!client.client_kill(id).await?);
    assert!(!client.client_kill(client.client_id().await?).await?);
    assert_eq!(client.ping().await?, "PONG");
    Ok(())
}

#[tokio::test]
async fn settings_are_read_and_changed() {
    in_both_protocols(settings).await;
}

async fn settings(_: &Server, client: &Client) -> Result<()> {
    client.config_set("maxmemory-samples", 7).await?;
    client.config_set("maxmemory-policy", "allkeys-lru").await?;
    let found: HashMap<String, String> = client.config_get("maxmemory-*").await?;
    assert_eq!((found["maxmemory-samples"].as_str(), found["maxmemory-policy"].as_str()), ("7", "allkeys-lru"));
    assert!(client.config_get("nonsense").await?.is_empty());

    // The password of a user is bytes; this one is not needed by who is logged in already.
    client.config_set("requirepass", b"\xff".as_slice()).await?;
    let error = client.config_get("requirepass").await.unwrap_err();
    assert!(matches!(&error, Error::Reply { at, .. } if at.name == "CONFIG GET"), "{error}");
    assert_eq!(client.config_get_bytes("requirepass").await?["requirepass"], b"\xff".as_slice());
    client.config_set("requirepass", "").await?;

    let error = client.config_set("maxmemory-samples", "many").await.unwrap_err();
    assert!(matches!(&error, Error::Server { at, .. } if at.name == "CONFIG SET"), "{error}");
    Ok(())
}

#[tokio::test]
async fn several_settings_are_set_at_once_and_counters_reset() {
    in_both_protocols(more_settings).await;
}

async fn more_settings(server: &Server, client: &Client) -> Result<()> {
    if has(server, (7, 0, 0), "CONFIG SET of several settings") {
        client.config_set_all([("maxmemory-samples", "7"), ("slowlog-max-len", "33")]).await?;
        let settings = client.config_get_all(["maxmemory-samples", "slowlog-max-len"]).await?;
        let expected = [("maxmemory-samples", "7"), ("slowlog-max-len", "33")];
        assert_eq!(settings, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        client.config_set_all([("maxmemory-samples", "7"), ("slowlog-max-len", "x")]).await.unwrap_err();
    }
    client.config_resetstat().await?;
    client.config_rewrite().await?;
    assert!(client.module_list().await?.iter().all(|module| !module.name.is_empty() && module.version > 0));
    client.module_load("/nonsense", ()).await.unwrap_err();
    client.module_unload("nonsense").await.unwrap_err();
    if has(server, (7, 0, 0), "MODULE LOADEX") {
        client.module_loadex("/nonsense", ModuleConfig::new().setting("a", "1").argument("x")).await.unwrap_err();
    }
    Ok(())
}

#[tokio::test]
async fn slow_commands_are_counted() {
    in_both_protocols(slow_log).await;
}

async fn slow_log(_: &Server, client: &Client) -> Result<()> {
    client.config_set("slowlog-log-slower-than", 0).await?;
    client.ping().await?;
    client.config_set("slowlog-log-slower-than", -1).await?;
    assert!(client.slowlog_len().await? >= 1);
    client.slowlog_reset().await?;
    assert_eq!(client.slowlog_len().await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_key_takes_memory() {
    in_both_protocols(memory).await;
}

async fn memory(_: &Server, client: &Client) -> Result<()> {
    const TEXT: Key<Str<String>> = Key::new("text");
    client.set(TEXT, "x".repeat(1000)).await?;
    assert!(client.memory_usage(TEXT).await?.is_some_and(|bytes| bytes > 1000));
    assert_eq!(client.memory_usage("nothing").await?, None);
    assert_eq!(client.memory_usage_samples(TEXT, 0).await?, client.memory_usage(TEXT).await?);
    Ok(())
}

#[tokio::test]
async fn what_is_published_reaches_those_who_subscribe() {
    in_both_protocols(publishing).await;
}

async fn publishing(server: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.publish("news", "nobody listens").await?, 0);
    let mut listener = server.raw().await;
    listener.command(["SUBSCRIBE", "news"]).await;
    listener.command(["SUBSCRIBE", "sport"]).await;
    listener.command(["PSUBSCRIBE", "n*s"]).await;

    assert_eq!(client.publish("sport", "1:0").await?, 1);
    assert_eq!(listener.receive().await.texts(), ["message", "sport", "1:0"]);
    let hlist_pat![receivers] = client.pipeline().publish("news", 5).execute().await?;
    assert_eq!(receivers, 2);
    assert_eq!(listener.receive().await.texts(), ["message", "news", "5"]);
    assert_eq!(listener.receive().await.texts(), ["pmessage", "n*s", "news", "5"]);

    let mut channels = client.pubsub_channels::<String>().await?;
    channels.sort();
    assert_eq!(channels, ["news", "sport"]);
    assert_eq!(client.pubsub_channels_with::<String>("s*").await?, ["sport"]);
    assert_eq!(client.pubsub_channels_with::<String>("x*").await?, [""; 0]);
    assert_eq!(client.pubsub_numsub::<String>(["sport", "none"]).await?, [("sport".into(), 1), ("none".into(), 0)]);
    assert_eq!(client.pubsub_numpat().await?, 1);
    if !has(server, (7, 0, 0), "SPUBLISH") {
        return Ok(());
    }

    // One server has channels of shards too.
    listener.command(["SSUBSCRIBE", "goals"]).await;
    assert_eq!(client.spublish("goals", "2:0").await?, 1);
    assert_eq!(listener.receive().await.texts(), ["smessage", "goals", "2:0"]);
    assert_eq!(client.publish("goals", "to no shard").await?, 0);
    assert_eq!(client.pubsub_shardchannels::<String>().await?, ["goals"]);
    assert_eq!(client.pubsub_shardchannels_with::<String>("n*").await?, [""; 0]);
    let counted = client.pubsub_shardnumsub::<String>(["goals", "none"]).await?;
    assert_eq!(counted, [("goals".into(), 1), ("none".into(), 0)]);
    Ok(())
}

#[tokio::test]
async fn the_data_is_saved_at_once_or_in_the_background() {
    in_both_protocols(saving).await;
}

async fn saving(server: &Server, client: &Client) -> Result<()> {
    client.save().await?;
    let saved = client.lastsave().await?.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    assert!(client.info_section("persistence").await?.contains(&format!("rdb_last_save_time:{saved}")));

    let quiet = async || {
        let persistence = client.info_section("persistence").await?;
        Ok(["rdb_bgsave_in_progress:0", "aof_rewrite_in_progress:0", "aof_rewrite_scheduled:0"]
            .iter()
            .all(|line| persistence.contains(line)))
    };
    assert_eq!(client.bgsave().await?, "Background saving started");
    until(quiet).await?;
    assert_eq!(client.bgsave_schedule().await?, "Background saving started");
    until(quiet).await?;
    if registry().any(|row| row.method == "bgsave_cancel" && supports(server, row.since)) {
        let error = client.bgsave_cancel().await.unwrap_err().to_string();
        assert!(error.contains("not in progress"), "{error}");
    }
    assert_eq!(client.bgrewriteaof().await?, "Background append only file rewriting started");
    until(quiet).await
}

#[tokio::test]
async fn a_server_that_shuts_down_does_not_answer() {
    in_both_protocols(async |server, client| {
        ended(client.shutdown_with(ShutdownOptions::new().nosave()).await);
        server.restart().await;
        client.set("a", 1).await?;
        if has(server, (7, 0, 0), "SHUTDOWN ABORT") {
            let error = client.shutdown_abort().await.unwrap_err().to_string();
            assert!(error.contains("No shutdown in progress"), "{error}");
            ended(client.shutdown_with(ShutdownOptions::new().nosave().now().force()).await);
            server.restart().await;
            client.set("a", 1).await?;
        }
        ended(client.shutdown().await);
        server.restart().await;
        assert_eq!(client.get::<i64>("a").await?, None);
        client.set("a", 1).await?;
        ended(client.shutdown_with(ShutdownOptions::new().save()).await);
        server.restart().await;
        assert_eq!(client.get::<i64>("a").await?, Some(1));
        Ok(())
    })
    .await;
}

#[track_caller]
fn ended(result: Result<()>) {
    assert!(matches!(&result, Err(Error::OutcomeUnknown { at, .. }) if at.name == "SHUTDOWN"), "{result:?}");
}

#[tokio::test]
async fn every_row_was_run() {
    in_both_protocols(async |server, client| {
        // First, because it resets the counts of calls.
        more_settings(server, client).await?;
        flushing(server, client).await?;
        swapping(server, client).await?;
        telling(server, client).await?;
        clock(server, client).await?;
        knowing(server, client).await?;
        waking(server, client).await?;
        super::clients::filters(server, client).await?;
        super::clients::tracking(server, client).await?;
        super::clients::pausing(server, client).await?;
        settings(server, client).await?;
        slow_log(server, client).await?;
        memory(server, client).await?;
        publishing(server, client).await?;
        saving(server, client).await?;
        super::diagnostics::logs(server, client).await?;
        super::diagnostics::delays(server, client).await?;
        super::diagnostics::memory(server, client).await?;
        super::diagnostics::commands(server, client).await?;
        super::diagnostics::roles(server, client).await?;
        super::acl::users(server, client).await?;
        super::acl::denied(server, client).await?;
        assert_all_ran(server, "server").await;
        assert_all_ran(server, "connection").await;
        assert_all_ran(server, "pubsub").await;
        Ok(())
    })
    .await;
}
