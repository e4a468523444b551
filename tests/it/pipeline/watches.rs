//! What a watch guards: keys that had expired before it, and the commands that are conflicts or are none.

use crate::support::client;
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use typedis::{Client, Config, Error, Outcome, Protocol, Result, Retry, hlist, pipeline, prelude::*};
use typedis_testing::{Fake, Proxy, Raw, Server, Vendor};

/// A server that removes expired keys only where a command finds them, not by a sweep.
async fn without_sweep() -> Server {
    let mut server = Server::start().await;
    if server.version() >= (7, 0, 0) {
        server = Server::builder().arg("--enable-debug-command", "yes").start().await;
    }
    let off = server.raw().await.command(["DEBUG", "SET-ACTIVE-EXPIRE", "0"]).await;
    assert_eq!(off.text(), "OK");
    server
}

/// Clients in both protocols, which make one attempt at a transaction.
async fn single_attempts(server: &Server) -> [Client; 2] {
    let config = Config::from_url(&server.url()).unwrap();
    let once = Retry::new().attempts(1);
    let open = async |protocol| Client::open(config.clone().protocol(protocol)).await.unwrap().with_retry(once);
    [open(Protocol::Resp3).await, open(Protocol::Resp2).await]
}

/// Sets keys with a time to live, and waits until that is over. The server has not removed them then.
async fn expired(raw: &mut Raw, keys: &[&str]) {
    for key in keys {
        raw.command(["SET", key, "old", "PX", "1"]).await;
    }
    let removed = expired_keys(raw).await;
    let now = async |raw: &mut Raw| raw.command(["TIME"]).await.texts().concat().parse::<u64>().unwrap();
    let start = now(raw).await;
    while now(raw).await < start + 5_000 {}
    assert_eq!(expired_keys(raw).await, removed, "the keys are still there");
}

async fn expired_keys(raw: &mut Raw) -> String {
    let stats = raw.command(["INFO", "stats"]).await.text();
    stats.lines().find_map(|line| line.strip_prefix("expired_keys:")).unwrap().to_owned()
}

#[tokio::test]
async fn a_key_that_had_expired_before_the_watch_is_no_conflict() -> Result<()> {
    let server = without_sweep().await;
    let mut raw = server.raw().await;
    for client in &single_attempts(&server).await {
        expired(&mut raw, &["a"]).await;
        let tx = client.pipeline().watch("a").await?;
        assert_eq!(tx.multi().set("b", 1).execute().await?, Outcome::Committed(hlist![()]));

        expired(&mut raw, &["a", "b"]).await;
        let tx = client.pipeline().watch("a").await?.watch(["c", "b"]).await?;
        assert_eq!(tx.multi().set("a", 2).execute().await?, Outcome::Committed(hlist![()]));

        expired(&mut raw, &["a"]).await;
        client.transaction("a", async |tx| Ok(tx.multi().set("a", 3))).await?;

        expired(&mut raw, &["a"]).await;
        pipeline! { client => watch("a"); multi(); set("a", 4); }?;
        assert_eq!(client.get::<i64>("a").await?, Some(4));
    }
    Ok(())
}

#[tokio::test]
async fn the_last_of_many_keys_may_have_expired_before_the_watch() -> Result<()> {
    let server = without_sweep().await;
    let mut raw = server.raw().await;
    let keys: Vec<_> = (0..10_000).map(|number| format!("key:{number}")).collect();
    for client in &single_attempts(&server).await {
        expired(&mut raw, &["key:9999"]).await;
        let tx = client.pipeline().watch(&keys).await?;
        assert_eq!(tx.multi().set("b", 1).execute().await?, Outcome::Committed(hlist![()]));
        let tx = client.pipeline().watch(&keys).await?;
        raw.command(["SET", "key:9998", "1"]).await;
        assert!(tx.multi().set("b", 2).execute().await?.is_conflict());
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_expires_under_the_watch_is_a_conflict() -> Result<()> {
    let (server, client) = client().await;
    let mut raw = server.raw().await;
    raw.command(["SET", "a", "1", "PX", "300"]).await;
    let mut tx = client.pipeline().watch("a").await?;
    assert!(tx.exists("a").await? == 1, "the key must outlive WATCH for this test to mean anything");
    while raw.command(["EXISTS", "a"]).await.integer() == 1 {}
    assert!(tx.multi().set("a", 2).execute().await?.is_conflict());
    Ok(())
}

/// The commands that a watching client sends to a peer whose reply to HELLO is `hello`.
async fn sent_to_watch(hello: &'static str) -> Vec<String> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    let fake = Fake::commands(move |command| match command[0].as_str() {
        "HELLO" => hello.as_bytes().to_vec(),
        "EXEC" => b"*0\r\n".to_vec(),
        "EXISTS" | "WATCH" => {
            record.lock().unwrap().push(command.join(" "));
            b"+OK\r\n".to_vec()
        }
        _ => b"+OK\r\n".to_vec(),
    })
    .await;
    let client = Client::connect(&fake.url()).await.unwrap();
    drop(client.pipeline().watch(["a", "b"]).await.unwrap());
    let seen = seen.lock().unwrap();
    seen.clone()
}

#[tokio::test]
async fn only_a_server_that_needs_it_gets_a_lookup_of_the_watched_keys() {
    let lookup = ["EXISTS a b", "WATCH a b"];
    let redis_6_2 = "%3\r\n+server\r\n+redis\r\n+version\r\n+6.2.14\r\n+proto\r\n:3\r\n";
    assert_eq!(sent_to_watch(redis_6_2).await, lookup);
    assert_eq!(sent_to_watch("-ERR unknown command `HELLO`\r\n").await, lookup);
    let redis_7_0 = "%3\r\n+server\r\n+redis\r\n+version\r\n+7.0.0\r\n+proto\r\n:3\r\n";
    assert_eq!(sent_to_watch(redis_7_0).await, ["WATCH a b"]);
    let valkey = "%3\r\n+server\r\n+valkey\r\n+version\r\n+8.1.1\r\n+proto\r\n:3\r\n";
    assert_eq!(sent_to_watch(valkey).await, ["WATCH a b"]);
}

#[tokio::test]
async fn the_lookup_and_the_watch_are_one_write() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let config = Config::from_url(&proxy.url()).unwrap().protocol(Protocol::Resp2);
    let client = Client::open(config).await.unwrap();
    let watching = client.pipeline().watch("a").await.unwrap();
    proxy.clear_writes();
    let _watching = watching.watch("b").await.unwrap();
    let expected = "*2\r\n$6\r\nEXISTS\r\n$1\r\nb\r\n*2\r\n$5\r\nWATCH\r\n$1\r\nb\r\n";
    assert_eq!(proxy.writes(), [expected.as_bytes()]);
}

#[tokio::test]
async fn a_user_who_may_not_look_up_can_still_watch() -> Result<()> {
    let server = Server::start().await;
    let acl = ["ACL", "SETUSER", "guest", "on", ">secret", "~*", "+@all", "-exists"];
    assert!(!server.raw().await.command(acl).await.is_error());
    let config = Config::from_url(&server.url())?.username("guest").password("secret");
    for protocol in [Protocol::Resp3, Protocol::Resp2] {
        let client = Client::open(config.clone().protocol(protocol)).await?;
        let tx = client.pipeline().watch("a").await?;
        assert_eq!(tx.multi().set("b", 1).execute().await?, Outcome::Committed(hlist![()]));
    }
    Ok(())
}

#[tokio::test]
async fn attempts_that_conflict_are_a_pause_apart() -> Result<()> {
    let (_server, client) = client().await;
    // Each pause is a random time up to 10 ms: 40 of them are shorter than 20 ms about never.
    let ten = Duration::from_millis(10);
    let retrying = client.with_retry(Retry::new().attempts(41).backoff(ten, ten));
    let start = Instant::now();
    let lost = retrying.transaction("a", async |mut tx| tx.incr("a").await.map(|_| tx.multi().incr("a"))).await;
    assert!(matches!(lost, Err(Error::Conflict { attempts: 41 })), "{lost:?}");
    assert!(start.elapsed() > Duration::from_millis(20), "{:?}", start.elapsed());
    let start = Instant::now();
    let lost = async {
        pipeline! { &retrying => watch("a"); incr("a")?; multi(); incr("a"); }
    }
    .await;
    assert!(matches!(lost, Err(Error::Conflict { attempts: 41 })), "{lost:?}");
    assert!(start.elapsed() > Duration::from_millis(20), "{:?}", start.elapsed());
    Ok(())
}

/// On which servers a command of another client is a conflict.
#[derive(Clone, Copy, Debug)]
enum Conflicts {
    Always,
    Never,
    OnRedis,
    BeforeRedis7,
}

/// The commands before the watch, and the one of another client after it, on the watched key `k`.
const CASES: &[(Conflicts, &[&str], &str)] = {
    use Conflicts::{Always, BeforeRedis7, Never, OnRedis};
    const STRING: &[&str] = &["SET k 1"];
    const HASH: &[&str] = &["HSET k f v"];
    const LIST: &[&str] = &["RPUSH k a"];
    const SET: &[&str] = &["SADD k a"];
    const SORTED_SET: &[&str] = &["ZADD k 1 a"];
    const STREAM: &[&str] = &["XADD k 1-1 f v"];
    const GROUP: &[&str] = &["XADD k 1-1 f v", "XGROUP CREATE k g 0"];
    const PENDING: &[&str] = &["XADD k 1-1 f v", "XGROUP CREATE k g 0", "XREADGROUP GROUP g c STREAMS k >"];
    &[
        // Writes that leave the key as it was, and are conflicts all the same.
        (Always, STRING, "SET k 1"),
        (Always, STRING, "APPEND k \"\""),
        (Always, STRING, "INCRBY k 0"),
        (Always, STRING, "EXPIRE k 100"),
        (Always, HASH, "HSET k f v"),
        (Always, LIST, "LSET k 0 a"),
        (Always, LIST, "LMOVE k k LEFT LEFT"),
        (Always, LIST, "SORT k ALPHA STORE k"),
        (Always, &["PFADD k a"], "PFMERGE k k"),
        (Always, &["PFADD k a"], "PFCOUNT k"),
        (OnRedis, LIST, "LTRIM k 0 -1"),
        (OnRedis, &[], "SET k 1 PXAT 1"),
        (BeforeRedis7, &["SETBIT k 7 1"], "SETBIT k 7 1"),
        (BeforeRedis7, &["SETBIT k 7 1"], "BITFIELD k SET u8 0 1"),
        // Writes that change nothing, and are no conflicts.
        (Never, STRING, "PERSIST k"),
        (Never, STRING, "SETNX k 2"),
        (Never, STRING, "SETRANGE k 0 \"\""),
        (Never, STRING, "TOUCH k"),
        (Never, STRING, "RENAME k k"),
        (Never, STRING, "LPUSH k a"),
        (Never, LIST, "LREM k 0 b"),
        (Never, SET, "SADD k a"),
        (Never, SET, "SMOVE k k a"),
        (Never, SET, "SPOP k 0"),
        (Never, SORTED_SET, "ZADD k 1 a"),
        (Never, SORTED_SET, "ZINCRBY k 0 a"),
        (Never, &["GEOADD k 1 1 a"], "GEOADD k 1 1 a"),
        (Never, &["PFADD k a"], "PFADD k a"),
        (Never, &["PFADD k a", "PFCOUNT k"], "PFCOUNT k"),
        // Writes to the groups of a stream, which change it and are no conflicts.
        (Always, STREAM, "XADD k 2-1 f v"),
        (Never, STREAM, "XGROUP CREATE k g 0"),
        (Never, STREAM, "XSETID k 2-1"),
        (Never, GROUP, "XGROUP SETID k g $"),
        (Never, GROUP, "XGROUP CREATECONSUMER k g c"),
        (Never, GROUP, "XGROUP DESTROY k g"),
        (Never, GROUP, "XREADGROUP GROUP g c STREAMS k >"),
        (Never, PENDING, "XGROUP DELCONSUMER k g c"),
        (Never, PENDING, "XACK k g 1-1"),
        (Never, PENDING, "XCLAIM k g d 0 1-1"),
        (Never, PENDING, "XAUTOCLAIM k g d 0 0"),
    ]
};

async fn run(raw: &mut Raw, command: &str) {
    raw.command(command.split(' ').map(|word| word.trim_matches('"'))).await;
}

#[tokio::test]
async fn what_a_watch_sees_is_what_the_documentation_says() -> Result<()> {
    let (server, client) = client().await;
    let mut raw = server.raw().await;
    let mut wrong = Vec::new();
    for (conflicts, before, write) in CASES {
        raw.command(["FLUSHALL"]).await;
        for command in *before {
            run(&mut raw, command).await;
        }
        let tx = client.pipeline().watch("k").await?;
        run(&mut raw, write).await;
        let conflict = tx.multi().execute().await?.is_conflict();
        let expected = match conflicts {
            Conflicts::Always => true,
            Conflicts::Never => false,
            Conflicts::OnRedis => server.vendor() == Vendor::Redis,
            Conflicts::BeforeRedis7 => server.version() < (7, 0, 0),
        };
        if conflict != expected {
            wrong.push(format!("{write}: expected {conflicts:?}, and it was {conflict}"));
        }
    }
    assert_eq!(wrong, [""; 0], "{}", server.description());
    Ok(())
}

#[tokio::test]
async fn a_write_of_its_own_before_multi_is_a_conflict() -> Result<()> {
    let (_server, client) = client().await;
    let mut tx = client.pipeline().watch("a").await?;
    tx.set("a", 1).await?;
    assert!(tx.multi().incr("a").execute().await?.is_conflict());
    Ok(())
}

#[tokio::test]
async fn a_hash_field_that_expires_under_the_watch_is_no_conflict_until_it_is_removed() -> Result<()> {
    let server = without_sweep().await;
    let mut raw = server.raw().await;
    let client = Client::connect(&server.url()).await?;
    raw.command(["HSET", "h", "kept", "1", "expiring", "1"]).await;
    if raw.command(["HPEXPIRE", "h", "300", "FIELDS", "1", "expiring"]).await.is_error() {
        eprintln!("left out: {} has no times to live of hash fields", server.description());
        return Ok(());
    }
    let mut tx = client.pipeline().watch("h").await?;
    assert_eq!(tx.hgetall::<Vec<(String, i64)>>("h").await?.len(), 2, "the field must outlive WATCH");
    while tx.hgetall::<Vec<(String, i64)>>("h").await?.len() == 2 {}
    assert_eq!(tx.multi().hlen("h").execute().await?, Outcome::Committed(hlist![2]));
    Ok(())
}
