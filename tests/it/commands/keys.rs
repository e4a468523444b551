//! The commands on keys of any kind, each run against a real server.

use crate::support::rows::{assert_all_ran, has, in_both_protocols, supports};
use std::collections::BTreeSet;
use tokio::task::yield_now;
use typedis::{
    Client, Error, Key, Result,
    command::Command,
    commands::{ExpireTime, Fsynced, PexpireTime, Pttl, Ttl, types::Waitaof},
    hlist_pat,
    key::{KeyType, List, Set, SortedSet, Str},
    options::{CopyOptions, ExpireOptions, RestoreOptions, ScanOptions, SortOptions},
    prelude::*,
};
use typedis_testing::Server;

const NAME: Key<Str<String>> = Key::new("name");
const QUEUE: Key<List<i64>> = Key::new("queue");

/// The start of the year 2100.
const LATER: u64 = 4_102_444_800;

#[tokio::test]
async fn keys_are_counted_and_removed() {
    in_both_protocols(removing).await;
}

async fn removing(_: &Server, client: &Client) -> Result<()> {
    client.mset([("a", 1), ("b", 2), ("c", 3)]).await?;
    assert_eq!(client.exists("a").await?, 1);
    assert_eq!(client.exists(["a", "a", "nothing"]).await?, 2);
    assert_eq!(client.touch(["a", "b", "nothing"]).await?, 2);
    assert_eq!(client.del(["a", "nothing"]).await?, 1);
    assert_eq!(client.unlink(("b", String::from("c"))).await?, 2);
    assert_eq!(client.exists(vec!["a", "b", "c"]).await?, 0);

    client.set(NAME, "ann").await?;
    client.rpush(QUEUE, [1, 2]).await?;
    assert_eq!(client.exists((NAME, QUEUE)).await?, 2);
    assert_eq!(client.del((NAME, QUEUE)).await?, 2);
    let none: [&str; 0] = [];
    assert!(matches!(client.del(none).await, Err(Error::Argument { .. })));
    Ok(())
}

#[tokio::test]
async fn a_copy_leaves_the_source() {
    in_both_protocols(copying).await;
}

async fn copying(server: &Server, client: &Client) -> Result<()> {
    let other = Client::connect(&format!("{}/1", server.url())).await?;
    client.set(NAME, "ann").await?;
    assert!(!client.copy("nothing", "copy").await?);
    assert!(client.copy(NAME, "copy").await?);
    assert_eq!(client.get::<String>("copy").await?.as_deref(), Some("ann"));

    client.set(NAME, "bob").await?;
    assert!(!client.copy(NAME, "copy").await?);
    assert!(!client.copy_with(NAME, "copy", CopyOptions::new()).await?);
    assert!(client.copy_with(NAME, "copy", CopyOptions::new().replace()).await?);
    assert_eq!(client.mget::<String>((NAME, "copy")).await?, [Some("bob".into()), Some("bob".into())]);

    assert!(client.copy_with(NAME, NAME, CopyOptions::new().db(1)).await?);
    assert!(!client.copy_with(NAME, NAME, CopyOptions::new().db(1)).await?);
    assert!(client.copy_with(NAME, NAME, CopyOptions::new().db(1).replace()).await?);
    assert_eq!(other.get(NAME).await?.as_deref(), Some("bob"));
    assert!(matches!(client.copy(NAME, NAME).await, Err(Error::Server { .. })));
    Ok(())
}

#[tokio::test]
async fn a_key_gets_another_name_or_another_database() {
    in_both_protocols(moving).await;
}

async fn moving(server: &Server, client: &Client) -> Result<()> {
    let other = Client::connect(&format!("{}/1", server.url())).await?;
    client.mset([("a", 1), ("b", 2)]).await?;
    assert!(!client.renamenx("a", "b").await?);
    assert!(client.renamenx("a", "c").await?);
    client.rename("c", "b").await?;
    assert_eq!(client.mget::<i64>(["a", "b", "c"]).await?, [None, Some(1), None]);
    let error = client.rename("nothing", "x").await.unwrap_err();
    assert_eq!(error.to_string(), "RENAME: ERR no such key");
    assert!(matches!(client.renamenx("nothing", "x").await, Err(Error::Server { .. })));

    assert!(client.move_to("b", 1).await?);
    assert!(!client.move_to("b", 1).await?);
    assert_eq!((client.exists("b").await?, other.get::<i64>("b").await?), (0, Some(1)));
    assert!(matches!(client.move_to("b", 0).await, Err(Error::Server { .. })));
    assert!(matches!(client.move_to("b", 4_000_000).await, Err(Error::Server { .. })));
    other.del("b").await?;
    Ok(())
}

#[tokio::test]
async fn the_time_to_live_says_whether_there_is_a_key() {
    in_both_protocols(living).await;
}

async fn living(_: &Server, client: &Client) -> Result<()> {
    assert_eq!((client.ttl("k").await?, client.pttl("k").await?), (Ttl::NoKey, Pttl::NoKey));
    assert!(!client.expire("k", 100).await?);
    client.set("k", 1).await?;
    assert_eq!((client.ttl("k").await?, client.pttl("k").await?), (Ttl::NoExpiry, Pttl::NoExpiry));
    assert!(!client.persist("k").await?);

    assert!(client.expire("k", 100).await?);
    assert!(matches!(client.ttl("k").await?, Ttl::Seconds(90..=100)));
    assert!(matches!(client.pttl("k").await?, Pttl::Milliseconds(90_000..=100_000)));
    assert!(client.persist("k").await?);
    assert_eq!(client.ttl("k").await?, Ttl::NoExpiry);

    assert!(client.pexpire("k", 100_000).await?);
    assert!(matches!(client.pttl("k").await?, Pttl::Milliseconds(90_000..=100_000)));
    assert!(client.expireat("k", LATER).await?);
    assert!(matches!(client.ttl("k").await?, Ttl::Seconds(1_000_000..)));
    assert!(client.pexpireat("k", 1000 * LATER).await?);
    assert!(matches!(client.pttl("k").await?, Pttl::Milliseconds(1_000_000_000..)));
    assert!(matches!(client.expire("k", u64::MAX).await, Err(Error::Server { .. })));

    assert!(client.expireat("k", 1).await?);
    assert_eq!(client.ttl("k").await?, Ttl::NoKey);
    client.set("k", 1).await?;
    assert!(client.expire("k", 0).await?);
    assert!(!client.expire("k", 0).await?);
    client.set("k", 1).await?;
    assert!(client.pexpire("k", 0).await?);
    client.set("k", 1).await?;
    assert!(client.pexpireat("k", 1).await?);
    assert_eq!(client.exists("k").await?, 0);
    Ok(())
}

#[tokio::test]
async fn an_expiry_can_depend_on_the_one_before() {
    in_both_protocols(expiring_conditionally).await;
}

async fn expiring_conditionally(server: &Server, client: &Client) -> Result<()> {
    if !has(server, (7, 0, 0), "EXPIRE with a condition, and EXPIRETIME") {
        return Ok(());
    }
    let options = ExpireOptions::new();
    assert_eq!(client.expiretime("k").await?, ExpireTime::NoKey);
    assert_eq!(client.pexpiretime("k").await?, PexpireTime::NoKey);
    assert!(!client.expire_with("k", 100, options.nx()).await?);
    client.set("k", 1).await?;
    assert_eq!(client.expiretime("k").await?, ExpireTime::NoExpiry);
    assert_eq!(client.pexpiretime("k").await?, PexpireTime::NoExpiry);

    assert!(!client.expireat_with("k", LATER, options.xx()).await?);
    assert!(!client.expireat_with("k", LATER, options.gt()).await?);
    assert!(!client.expireat_with("k", LATER, options.lt().xx()).await?);
    assert!(client.expireat_with("k", LATER, options.lt()).await?);
    assert!(!client.expireat_with("k", LATER + 1, options.nx()).await?);
    assert!(!client.expireat_with("k", LATER + 1, options.lt()).await?);
    assert!(client.expireat_with("k", LATER + 1, options.xx().gt()).await?);
    assert_eq!(client.expiretime("k").await?, ExpireTime::UnixSeconds(LATER + 1));

    assert!(!client.pexpireat_with("k", 1000 * LATER, options.gt()).await?);
    assert!(client.pexpireat_with("k", 1000 * LATER, options.xx()).await?);
    assert_eq!(client.pexpiretime("k").await?, PexpireTime::UnixMilliseconds(1000 * LATER));
    assert!(!client.expire_with("k", 100, options.gt()).await?);
    assert!(client.expire_with("k", 100, options.lt()).await?);
    assert!(!client.pexpire_with("k", 200_000, options.lt().xx()).await?);
    assert!(client.pexpire_with("k", 200_000, options).await?);
    assert!(matches!(client.pttl("k").await?, Pttl::Milliseconds(190_000..=200_000)));
    Ok(())
}

#[tokio::test]
async fn a_key_tells_what_it_holds() {
    in_both_protocols(inspecting).await;
}

async fn inspecting(server: &Server, client: &Client) -> Result<()> {
    client.set("string", "x").await?;
    client.rpush("list", "x").await?;
    client.sadd("set", "x").await?;
    client.zadd("sorted set", (1, "x")).await?;
    client.hset("hash", ("x", 1)).await?;
    let mut raw = server.raw().await;
    raw.command(["XADD", "stream", "*", "x", "1"]).await;
    for (key, kind) in [
        ("string", KeyType::String),
        ("list", KeyType::List),
        ("set", KeyType::Set),
        ("sorted set", KeyType::SortedSet),
        ("hash", KeyType::Hash),
        ("stream", KeyType::Stream),
    ] {
        assert_eq!(client.type_of(key).await?, Some(kind));
    }
    assert_eq!(client.type_of("nothing").await?, None);

    client.set("number", 12).await?;
    assert_eq!(client.object_encoding("number").await?.as_deref(), Some("int"));
    assert_eq!(client.object_encoding("string").await?.as_deref(), Some("embstr"));
    assert_eq!(client.object_encoding("nothing").await?, None);
    assert_eq!(client.object_refcount("string").await?, Some(1));
    assert_eq!(client.object_refcount("nothing").await?, None);
    assert!(matches!(client.object_idletime("string").await?, Some(0..=60)));
    assert_eq!(client.object_idletime("nothing").await?, None);
    assert!(matches!(client.object_freq("string").await, Err(Error::Server { .. })));

    raw.command(["CONFIG", "SET", "maxmemory-policy", "allkeys-lfu"]).await;
    client.set("used", "often").await?;
    assert!(matches!(client.object_freq("used").await?, Some(1..=255)));
    assert_eq!(client.object_freq("nothing").await?, None);
    assert!(matches!(client.object_idletime("used").await, Err(Error::Server { .. })));
    Ok(())
}

#[tokio::test]
async fn a_dump_is_restored() {
    in_both_protocols(restoring).await;
}

async fn restoring(server: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.dump("nothing").await?, None);
    client.rpush(QUEUE, [1, 2, 3]).await?;
    let dump = client.dump(QUEUE).await?.expect("the list is there");

    client.restore("copy", 0, &dump).await?;
    assert_eq!(client.lrange::<i64>("copy", 0, -1).await?, [1, 2, 3]);
    assert_eq!(client.ttl("copy").await?, Ttl::NoExpiry);
    let error = client.restore("copy", 0, &dump).await.unwrap_err();
    assert!(error.to_string().contains("BUSYKEY"), "{error}");
    assert!(matches!(client.restore("damaged", 0, &dump[1..]).await, Err(Error::Server { .. })));

    let options = RestoreOptions::new();
    client.restore("expiring", 100_000, &dump).await?;
    assert!(matches!(client.pttl("expiring").await?, Pttl::Milliseconds(90_000..=100_000)));
    client.restore_with("plain", 0, &dump, options).await?;
    client.restore_with("copy", 1000 * LATER, &dump, options.replace().absttl()).await?;
    assert!(matches!(client.ttl("copy").await?, Ttl::Seconds(1_000_000..)));
    client.restore_with("idle", 0, &dump, options.idletime(1000)).await?;
    assert!(matches!(client.object_idletime("idle").await?, Some(1000..=1060)));

    server.raw().await.command(["CONFIG", "SET", "maxmemory-policy", "allkeys-lfu"]).await;
    client.restore_with("idle", 0, &dump, options.freq(200).replace()).await?;
    assert!(matches!(client.object_freq("idle").await?, Some(190..=200)));
    server.raw().await.command(["CONFIG", "SET", "maxmemory-policy", "noeviction"]).await;
    Ok(())
}

#[tokio::test]
async fn all_keys_are_found() {
    in_both_protocols(finding).await;
}

async fn finding(_: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.randomkey::<String>().await?, None);
    assert_eq!(client.scan::<String>(0).await?, (0, vec![]));
    client.set("only", 1).await?;
    assert_eq!(client.randomkey::<String>().await?.as_deref(), Some("only"));

    let names: BTreeSet<String> = (0..100).map(|number| format!("user:{number}")).collect();
    client.mset(names.iter().map(|name| (name, 1)).collect::<Vec<_>>()).await?;
    client.rpush("user:list", "x").await?;
    assert_eq!(client.keys::<Vec<String>>("user:l*").await?, ["user:list"]);
    assert_eq!(client.keys::<BTreeSet<String>>("user:?*").await?.len(), 101);

    let mut found = BTreeSet::new();
    let (mut cursor, mut pages) = (0, 0);
    loop {
        let (next, some) = client.scan::<String>(cursor).await?;
        found.extend(some);
        (cursor, pages) = (next, pages + 1);
        if cursor == 0 {
            break;
        }
    }
    assert!(pages > 1 && found.len() == 102, "{pages} pages of {found:?}");

    let all = ScanOptions::new().count(10_000);
    let (cursor, found) = client.scan_with::<String>(0, all.matching("user:l*")).await?;
    assert_eq!((cursor, found), (0, vec!["user:list".to_owned()]));
    let (_, lists) = client.scan_with::<String>(0, all.of_type(&KeyType::List)).await?;
    assert_eq!(lists, ["user:list"]);
    let pattern = String::from("user:*");
    let strings = ScanOptions::new().of_type(&KeyType::String).matching(&pattern).count(10_000);
    let (_, strings) = client.scan_with::<String>(0, strings).await?;
    assert_eq!(BTreeSet::from_iter(strings), names);
    Ok(())
}

const FRIENDS: Key<Set<String>> = Key::new("friends");
const SCORES: Key<SortedSet<i64>> = Key::new("scores");
const SORTED: Key<List<String>> = Key::new("sorted");

#[tokio::test]
async fn elements_are_sorted() {
    in_both_protocols(sorting).await;
}

async fn sorting(server: &Server, client: &Client) -> Result<()> {
    client.rpush(QUEUE, [3, 10, 2]).await?;
    client.sadd(FRIENDS, ["cid", "ann", "bob"]).await?;
    client.zadd(SCORES, [(1, 30), (2, 20)]).await?;
    client.mset([("age:ann", 31), ("age:bob", 27), ("age:cid", 4)]).await?;
    client.hset("user:ann", ("city", "Oslo")).await?;

    assert_eq!(client.sort(QUEUE).await?, [2, 3, 10]);
    assert_eq!(client.sort(SCORES).await?, [20, 30]);
    assert_eq!(client.sort::<i64>("queue").await?, [2, 3, 10]);
    assert_eq!(client.sort::<i64>("nothing").await?, [0; 0]);
    assert!(matches!(client.sort(FRIENDS).await, Err(Error::Server { .. })));

    assert_eq!(client.sort_with(QUEUE, SortOptions::new().desc().limit(0, 2)).await?, [10, 3]);
    assert_eq!(client.sort_with(QUEUE, SortOptions::new().asc().alpha()).await?, [10, 2, 3]);
    assert_eq!(client.sort_with(QUEUE, SortOptions::new().by("nosort")).await?, [3, 10, 2]);
    let friends: Vec<String> = client.sort_with("friends", SortOptions::new().by("age:*")).await?;
    assert_eq!(friends, ["cid", "bob", "ann"]);

    let pattern = String::from("age:*");
    let ages = client.sort_with(FRIENDS, SortOptions::get::<u8>(&pattern).alpha().desc()).await?;
    assert_eq!(ages, [Some(4), Some(27), Some(31)]);
    let cities = SortOptions::get::<String>("user:*->city").and_get::<String>("#").and_get::<f64>("age:*").by("age:*");
    let cities = client.sort_with("friends", cities.limit(1, 2)).await?;
    assert_eq!(cities, [(None, Some("bob".into()), Some(27.0)), (Some("Oslo".into()), Some("ann".into()), Some(31.0))]);

    assert_eq!(client.sort_store(QUEUE, "sorted").await?, 3);
    assert_eq!(client.lrange::<i64>("sorted", 0, -1).await?, [2, 3, 10]);
    assert_eq!(client.sort_store_with(FRIENDS, SORTED, SortOptions::get::<String>("user:*->city").alpha()).await?, 3);
    assert_eq!(client.lrange(SORTED, 0, -1).await?, ["Oslo", "", ""]);
    assert_eq!(client.sort_store("nothing", SORTED).await?, 0);
    assert_eq!(client.exists(SORTED).await?, 0);
    let ordered = SortOptions::<typedis::options::SortElements<String>>::new().alpha();
    assert_eq!(client.sort_store_with(FRIENDS, SORTED, ordered).await?, 3);

    if has(server, (7, 0, 0), "SORT_RO") {
        assert_eq!(client.sort_ro(QUEUE).await?, [2, 3, 10]);
        assert_eq!(client.sort_ro_with(QUEUE, SortOptions::new().desc()).await?, [10, 3, 2]);
        let ages = client.sort_ro_with(FRIENDS, SortOptions::get::<String>("#").and_get::<u8>("age:*").alpha()).await?;
        assert_eq!(ages[0], (Some("ann".into()), Some(31)));
    }
    Ok(())
}

#[tokio::test]
async fn replies_in_a_transaction_are_the_same() {
    in_both_protocols(queued).await;
}

async fn queued(_: &Server, client: &Client) -> Result<()> {
    let hlist_pat![(), none, kind, there, ttl, nothing, (cursor, names), removed, ()] = client
        .pipeline()
        .set(NAME, "ann")
        .type_of("nothing")
        .type_of(NAME)
        .expire(NAME, 100)
        .ttl(NAME)
        .object_encoding("nothing")
        .scan_with::<String>(0, ScanOptions::new().count(100))
        .del([NAME])
        .set(NAME, "bob")
        .execute()
        .await?;
    assert_eq!((none, kind, there, nothing), (None, Some(KeyType::String), true, None));
    assert!(matches!(ttl, Ttl::Seconds(90..=100)));
    assert_eq!((cursor, names, removed), (0, vec!["name".to_owned()], 1));

    let sorted = SortOptions::get::<String>("#").and_get::<i64>("age:*");
    let hlist_pat![_, sorted, dump, copied] = client
        .pipeline()
        .rpush(QUEUE, [2, 1])
        .sort_with(QUEUE, sorted)
        .dump("nothing")
        .copy(QUEUE, "copy")
        .execute()
        .await?;
    assert_eq!(sorted, [(Some("1".into()), None), (Some("2".into()), None)]);
    assert_eq!((dump, copied), (None, true));
    Ok(())
}

#[tokio::test]
async fn a_watching_pipeline_waits_for_the_replica() {
    let server = Server::builder().arg("repl-diskless-sync-delay", "0").start().await;
    let client = Client::connect(&server.url()).await.unwrap();
    assert_eq!(client.wait(0, 1).await.unwrap(), 0);

    let replica = Server::builder().arg("replicaof", &format!("127.0.0.1 {}", server.port())).start().await;
    // Valkey counts a replica that still loads the snapshot, and so may WAIT.
    let mut raw = replica.raw().await;
    while !raw.command(["INFO", "replication"]).await.text().contains("master_link_status:up") {
        yield_now().await;
    }
    let mut tx = client.pipeline().watch("a").await.unwrap();
    tx.set("b", 1).await.unwrap();
    assert_eq!(tx.wait(1, 60_000).await.unwrap(), 1);
    let replica = Client::connect(&replica.url()).await.unwrap();
    assert_eq!(replica.get::<i64>("b").await.unwrap(), Some(1));
    assert_eq!(client.wait(1, 60_000).await.unwrap(), 1);
}

#[tokio::test]
async fn a_write_is_on_disk() {
    let server = Server::builder().arg("appendonly", "yes").start().await;
    if !supports(&server, Waitaof::INFO.since) {
        return;
    }
    let client = Client::connect(&server.url()).await.unwrap();
    let mut tx = client.pipeline().watch("a").await.unwrap();
    tx.set("b", 1).await.unwrap();
    assert_eq!(tx.waitaof(true, 0, 60_000).await.unwrap(), Fsynced { local: 1, replicas: 0 });
    assert_eq!(tx.waitaof(true, 1, 5).await.unwrap(), Fsynced { local: 1, replicas: 0 }, "there is no replica");
}

async fn without_a_file(server: &Server, client: &Client) -> Result<()> {
    if supports(server, Waitaof::INFO.since) {
        assert_eq!(client.waitaof(false, 0, 1).await?, Fsynced { local: 0, replicas: 0 });
        let refused = client.waitaof(true, 0, 1).await;
        assert!(matches!(&refused, Err(Error::Server { at, .. }) if at.name == "WAITAOF"), "{refused:?}");
    }
    Ok(())
}

#[tokio::test]
async fn every_command_on_keys_was_run() {
    in_both_protocols(async |server, client| {
        removing(server, client).await?;
        copying(server, client).await?;
        moving(server, client).await?;
        living(server, client).await?;
        expiring_conditionally(server, client).await?;
        client.flushdb().await?;
        restoring(server, client).await?;
        client.flushdb().await?;
        finding(server, client).await?;
        client.flushdb().await?;
        sorting(server, client).await?;
        inspecting(server, client).await?;
        assert_eq!(client.wait(0, 1).await?, 0);
        without_a_file(server, client).await?;
        assert_all_ran(server, "generic").await;
        Ok(())
    })
    .await;
}
