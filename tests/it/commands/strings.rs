//! The commands on strings, each run against a real server.

use crate::support::rows::{assert_all_ran, has, in_both_protocols, supports};
use std::collections::BTreeMap;
use typedis::{
    Client, Error, Key, Outcome, Result,
    command::Command,
    commands::{
        LcsMatch, LcsMatches, Pttl, Ttl,
        types::{Delifeq, Msetex},
    },
    hlist_pat,
    key::Str,
    options::{GetExpiry, LcsOptions, MsetexOptions, SetOptions, flag},
    prelude::*,
};
use typedis_testing::Server;

const NAME: Key<Str<String>> = Key::new("name");
const HITS: Key<Str<i64>> = Key::new("hits");
const SHARE: Key<Str<f64>> = Key::new("share");

#[tokio::test]
async fn a_value_is_read_as_the_type_it_is_asked_for() {
    in_both_protocols(reading).await;
}

async fn reading(_: &Server, client: &Client) -> Result<()> {
    client.set("number", 42).await?;
    assert_eq!(client.get::<i64>("number").await?, Some(42));
    assert_eq!(client.get::<u8>("number").await?, Some(42));
    assert_eq!(client.get::<f64>("number").await?, Some(42.0));
    assert_eq!(client.get::<String>("number").await?.as_deref(), Some("42"));
    assert_eq!(client.get::<Vec<u8>>("number").await?, Some(b"42".to_vec()));
    assert_eq!(client.get::<i64>("nothing").await?, None);

    client.set(NAME, "ann").await?;
    client.set(HITS, 7).await?;
    assert_eq!(client.get(NAME).await?.as_deref(), Some("ann"));
    assert_eq!(client.get(HITS).await?, Some(7));

    client.set("bytes", b"\r\n\0\xff".as_slice()).await?;
    assert_eq!(client.get::<Vec<u8>>("bytes").await?, Some(b"\r\n\0\xff".to_vec()));
    assert!(matches!(client.get::<String>("bytes").await, Err(Error::Reply { .. })));
    assert!(matches!(client.get::<i64>("name").await, Err(Error::Reply { .. })));
    Ok(())
}

#[tokio::test]
async fn a_condition_of_set_says_whether_it_stored() {
    in_both_protocols(setting_conditionally).await;
}

async fn setting_conditionally(server: &Server, client: &Client) -> Result<()> {
    assert!(!client.set_with("a", 1, SetOptions::new().xx()).await?);
    assert!(client.set_with("a", 1, SetOptions::new().nx()).await?);
    assert!(!client.set_with("a", 2, SetOptions::new().nx()).await?);
    assert!(client.set_with("a", 3, SetOptions::new().xx()).await?);
    assert_eq!(client.get::<i64>("a").await?, Some(3));

    let () = client.set_with("a", 4, SetOptions::new()).await?;
    assert_eq!(client.set_with("a", 5, SetOptions::new().get::<i64>()).await?, Some(4));
    assert_eq!(client.set_with("b", 5, SetOptions::new().get::<i64>()).await?, None);
    assert_eq!(client.set_with("b", "x", SetOptions::new().xx().get::<String>()).await?.as_deref(), Some("5"));
    assert_eq!(client.set_with("c", "x", SetOptions::new().xx().get::<String>()).await?, None);
    assert_eq!(client.exists("c").await?, 0);
    if has(server, (7, 0, 0), "SET with NX and GET") {
        assert_eq!(client.set_with("b", "y", SetOptions::new().nx().get::<String>()).await?.as_deref(), Some("x"));
        assert_eq!(client.get::<String>("b").await?.as_deref(), Some("x"));
    }

    assert!(!client.setnx("a", 6).await?);
    assert!(client.setnx("d", 6).await?);
    assert_eq!(client.getset::<i64>("d", 7).await?, Some(6));
    assert_eq!(client.getset::<i64>("e", 7).await?, None);
    assert_eq!(client.getdel::<i64>("e").await?, Some(7));
    assert_eq!(client.getdel::<i64>("e").await?, None);
    assert_eq!(client.exists("e").await?, 0);
    Ok(())
}

/// The start of the year 2100.
const LATER: u64 = 4_102_444_800;

#[tokio::test]
async fn an_expiry_is_set_with_the_value() {
    in_both_protocols(expiring).await;
}

async fn expiring(_: &Server, client: &Client) -> Result<()> {
    client.set_with("a", 1, SetOptions::new().ex(100)).await?;
    assert!(matches!(client.ttl("a").await?, Ttl::Seconds(90..=100)));
    client.set_with("a", 2, SetOptions::new().keepttl()).await?;
    assert!(matches!(client.ttl("a").await?, Ttl::Seconds(90..=100)));
    client.set("a", 3).await?;
    assert_eq!(client.ttl("a").await?, Ttl::NoExpiry);

    client.set_with("a", 1, SetOptions::new().px(100_500)).await?;
    assert!(matches!(client.pttl("a").await?, Pttl::Milliseconds(90_000..=100_500)));
    assert!(client.set_with("a", 1, SetOptions::new().exat(LATER).xx()).await?);
    assert!(matches!(client.ttl("a").await?, Ttl::Seconds(1_000_000..)));
    let old = client.set_with("a", 2, SetOptions::new().get::<i64>().pxat(1000 * LATER)).await?;
    assert_eq!(old, Some(1));
    assert!(matches!(client.ttl("a").await?, Ttl::Seconds(1_000_000..)));

    client.setex("b", 100, "x").await?;
    assert!(matches!(client.ttl("b").await?, Ttl::Seconds(90..=100)));
    client.psetex("b", 200_000, "x").await?;
    assert!(matches!(client.pttl("b").await?, Pttl::Milliseconds(190_000..=200_000)));
    assert!(matches!(client.setex("b", 0, "x").await, Err(Error::Server { .. })));
    Ok(())
}

#[tokio::test]
async fn reading_can_change_the_expiry() {
    in_both_protocols(reading_and_expiring).await;
}

async fn reading_and_expiring(_: &Server, client: &Client) -> Result<()> {
    client.setex(HITS, 100, 7).await?;
    assert_eq!(client.getex(HITS).await?, Some(7));
    assert!(matches!(client.ttl(HITS).await?, Ttl::Seconds(90..=100)));
    assert_eq!(client.getex_with(HITS, GetExpiry::persist()).await?, Some(7));
    assert_eq!(client.ttl(HITS).await?, Ttl::NoExpiry);
    assert_eq!(client.getex_with(HITS, GetExpiry::ex(50)).await?, Some(7));
    assert!(matches!(client.ttl(HITS).await?, Ttl::Seconds(40..=50)));
    assert_eq!(client.getex_with(HITS, GetExpiry::px(150_000)).await?, Some(7));
    assert!(matches!(client.pttl(HITS).await?, Pttl::Milliseconds(140_000..=150_000)));
    assert_eq!(client.getex_with(HITS, GetExpiry::exat(LATER)).await?, Some(7));
    assert!(matches!(client.ttl(HITS).await?, Ttl::Seconds(1_000_000..)));
    // An expiry in 1970: the value is still returned, and the key is deleted.
    assert_eq!(client.getex_with(HITS, GetExpiry::pxat(1)).await?, Some(7));
    assert_eq!(client.getex(HITS).await?, None);
    assert_eq!(client.getex_with::<String>("nothing", GetExpiry::ex(1)).await?, None);
    Ok(())
}

#[tokio::test]
async fn counters_count_up_and_down() {
    in_both_protocols(counting).await;
}

async fn counting(_: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.incr(HITS).await?, 1);
    assert_eq!(client.incrby(HITS, 10).await?, 11);
    assert_eq!(client.decr(HITS).await?, 10);
    assert_eq!(client.decrby(HITS, 15).await?, -5);
    assert_eq!(client.incrby(HITS, -5).await?, -10);
    assert_eq!(client.get(HITS).await?, Some(-10));

    assert_eq!(client.incrbyfloat(SHARE, 0.5).await?, 0.5);
    assert_eq!(client.incrbyfloat(SHARE, -2.25).await?, -1.75);
    assert_eq!(client.incrbyfloat(SHARE, 1e20).await?, 1e20);
    client.set(SHARE, 1.5).await?;
    assert_eq!(client.get(SHARE).await?, Some(1.5));

    // The server adds in long doubles: a sum in decimals, and one that no double holds and that is not infinite.
    client.set(SHARE, 0.1).await?;
    assert_eq!(client.incrbyfloat(SHARE, 0.2).await?, 0.3);
    client.set(SHARE, 1.7e308).await?;
    let past_the_doubles = client.incrbyfloat(SHARE, 1.7e308).await.unwrap_err().to_string();
    assert!(past_the_doubles.contains("a number within the range of `f64`"), "{past_the_doubles}");

    client.set("text", "ten").await?;
    client.set("full", i64::MAX).await?;
    assert_eq!(client.get::<i64>("full").await?, Some(i64::MAX));
    for failed in [
        client.incr("text").await.unwrap_err(),
        client.incr("full").await.unwrap_err(),
        client.incrbyfloat("text", 1.0).await.unwrap_err(),
        client.incrbyfloat("full", f64::INFINITY).await.unwrap_err(),
    ] {
        assert!(matches!(failed, Error::Server { .. }), "{failed}");
    }
    Ok(())
}

#[tokio::test]
async fn parts_of_a_string_are_read_and_written() {
    in_both_protocols(parts).await;
}

async fn parts(_: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.strlen(NAME).await?, 0);
    assert_eq!(client.append(NAME, "Grace").await?, 5);
    assert_eq!(client.append(NAME, " Hopper").await?, 12);
    assert_eq!(client.strlen(NAME).await?, 12);
    assert_eq!(client.getrange::<String>(NAME, 0, 4).await?, "Grace");
    assert_eq!(client.getrange::<String>(NAME, -6, -1).await?, "Hopper");
    assert_eq!(client.getrange::<String>(NAME, 50, 60).await?, "");
    assert_eq!(client.substr::<String>(NAME, 6, -1).await?, "Hopper");
    assert_eq!(client.getrange::<String>("nothing", 0, -1).await?, "");

    assert_eq!(client.setrange(NAME, 6, "H.").await?, 12);
    assert_eq!(client.get(NAME).await?.as_deref(), Some("Grace H.pper"));
    assert_eq!(client.setrange("padded", 2, "x").await?, 3);
    assert_eq!(client.get::<Vec<u8>>("padded").await?, Some(b"\0\0x".to_vec()));
    assert_eq!(client.setrange("nothing", 5, "").await?, 0);
    assert_eq!(client.exists("nothing").await?, 0);

    client.set("number", 12345).await?;
    assert_eq!(client.getrange::<i64>("number", 1, 3).await?, 234);
    Ok(())
}

#[tokio::test]
async fn several_strings_go_in_one_command() {
    in_both_protocols(several).await;
}

async fn several(_: &Server, client: &Client) -> Result<()> {
    client.mset([("a", 1), ("b", 2)]).await?;
    client.mset(("c", "three")).await?;
    client.mset(BTreeMap::from([("d", 4.5)])).await?;
    assert_eq!(client.mget::<i64>(["a", "nothing", "b"]).await?, [Some(1), None, Some(2)]);
    assert_eq!(client.mget::<String>(("c", "d")).await?, [Some("three".into()), Some("4.5".into())]);

    const OTHER: Key<Str<i64>> = Key::new("other");
    client.mset([(HITS, 1), (OTHER, 2)]).await?;
    assert_eq!(client.mget([HITS, OTHER]).await?, [Some(1), Some(2)]);

    assert!(!client.msetnx([("new", 1), ("a", 9)]).await?);
    assert_eq!(client.exists("new").await?, 0);
    assert!(client.msetnx([("new", 1), ("newer", 2)]).await?);
    assert_eq!(client.mget::<u8>(vec!["new", "newer"]).await?, [Some(1), Some(2)]);

    client.rpush("list", "x").await?;
    assert_eq!(client.mget::<String>(["list", "a"]).await?, [None, Some("1".into())]);
    let nothing: [&str; 0] = [];
    assert!(matches!(client.mget::<String>(nothing).await, Err(Error::Argument { .. })));
    assert!(matches!(client.mset(Vec::<(&str, i64)>::new()).await, Err(Error::Argument { .. })));
    Ok(())
}

#[tokio::test]
async fn a_comparison_says_whether_it_stored_or_removed() {
    in_both_protocols(comparing).await;
}

async fn comparing(server: &Server, client: &Client) -> Result<()> {
    let ifeq = flag::FLAGS.iter().find(|flag| flag.word == "IFEQ").unwrap();
    if supports(server, ifeq.since) {
        client.set(NAME, "ann").await?;
        assert!(!client.set_with(NAME, "bob", SetOptions::new().ifeq("eve")).await?);
        assert!(client.set_with(NAME, "bob", SetOptions::new().ifeq("ann").ex(100)).await?);
        assert!(matches!(client.ttl(NAME).await?, Ttl::Seconds(90..=100)));
        // The old value, whether or not it was replaced.
        let old = client.set_with(NAME, "cid", SetOptions::new().ifeq("eve").get::<String>()).await?;
        assert_eq!(old.as_deref(), Some("bob"));
        let old = client.set_with(NAME, "cid", SetOptions::new().get::<String>().ifeq("bob").keepttl()).await?;
        assert_eq!(old.as_deref(), Some("bob"));
        assert_eq!(client.get(NAME).await?.as_deref(), Some("cid"));
        assert!(matches!(client.ttl(NAME).await?, Ttl::Seconds(90..=100)));
        assert!(!client.set_with("nothing", "x", SetOptions::new().ifeq("")).await?);
        assert_eq!(client.exists("nothing").await?, 0);

        client.rpush("list", "x").await?;
        let wrong_kind = client.set_with("list", "x", SetOptions::new().ifeq("x")).await.unwrap_err();
        assert!(wrong_kind.to_string().contains("WRONGTYPE"), "{wrong_kind}");

        // A condition that is met is a write, also of the same value.
        let watching = client.pipeline().watch(NAME).await?;
        assert!(!client.set_with(NAME, "x", SetOptions::new().ifeq("x")).await?);
        assert!(matches!(watching.multi().incr(HITS).execute().await?, Outcome::Committed(_)));
        let watching = client.pipeline().watch(NAME).await?;
        assert!(client.set_with(NAME, "cid", SetOptions::new().ifeq("cid")).await?);
        assert!(matches!(watching.multi().incr(HITS).execute().await?, Outcome::Conflict));
    }
    if supports(server, Delifeq::INFO.since) {
        client.set(HITS, 7).await?;
        assert!(!client.delifeq(HITS, 8).await?);
        assert!(client.delifeq(HITS, 7).await?);
        assert!(!client.delifeq(HITS, 7).await?);
        assert_eq!(client.exists(HITS).await?, 0);
    }
    Ok(())
}

#[tokio::test]
async fn several_strings_get_one_expiry() {
    in_both_protocols(several_with_expiry).await;
}

async fn several_with_expiry(server: &Server, client: &Client) -> Result<()> {
    if !supports(server, Msetex::INFO.since) {
        return Ok(());
    }
    let options = MsetexOptions::new();
    assert!(client.msetex([("a", 1), ("b", 2)]).await?);
    assert!(client.msetex(("c", "three")).await?);
    assert!(!client.msetex_with([("a", 5), ("new", 5)], options.nx()).await?);
    assert!(!client.msetex_with([("a", 5), ("new", 5)], options.xx().ex(100)).await?);
    assert_eq!(
        client.mget::<String>(["a", "b", "c", "new"]).await?,
        [Some("1".into()), Some("2".into()), Some("three".into()), None]
    );

    assert!(client.msetex_with([("a", 5), ("b", 6)], options.xx().ex(100)).await?);
    assert!(matches!(client.ttl("b").await?, Ttl::Seconds(90..=100)));
    assert!(client.msetex_with([("a", 7), ("d", 7)], options.keepttl()).await?);
    assert!(matches!(client.ttl("a").await?, Ttl::Seconds(90..=100)));
    assert!(client.msetex_with(("d", 8), options.px(200_000)).await?);
    assert!(matches!(client.pttl("d").await?, Pttl::Milliseconds(190_000..=200_000)));
    assert!(client.msetex_with(("d", 8), options.exat(LATER)).await?);
    assert!(client.msetex_with([(HITS, 1)], options.nx()).await?);
    assert!(client.msetex([("a", 9), ("b", 9)]).await?);
    assert_eq!(client.ttl("a").await?, Ttl::NoExpiry);
    // A time in the past: the keys are gone.
    assert!(client.msetex_with([("a", 9), ("b", 9)], options.pxat(1)).await?);
    assert_eq!(client.exists(["a", "b"]).await?, 0);

    let none = client.msetex(Vec::<(&str, i64)>::new()).await;
    assert!(matches!(&none, Err(Error::Argument { at, .. }) if at.name == "MSETEX"), "{none:?}");
    let zero = client.msetex_with(("a", 1), options.ex(0)).await;
    assert!(matches!(&zero, Err(Error::Server { at, .. }) if at.name == "MSETEX"), "{zero:?}");
    Ok(())
}

#[tokio::test]
async fn the_longest_common_subsequence_is_told_in_three_ways() {
    in_both_protocols(subsequences).await;
}

async fn subsequences(server: &Server, client: &Client) -> Result<()> {
    if !has(server, (7, 0, 0), "LCS") {
        return Ok(());
    }
    client.mset([("lcs:1", "ohmytext"), ("lcs:2", "mynewtext")]).await?;
    assert_eq!(client.lcs::<String>("lcs:1", "lcs:2").await?, "mytext");
    assert_eq!(client.lcs::<String>("lcs:1", "nothing").await?, "");
    assert_eq!(client.lcs_with("lcs:1", "lcs:2", LcsOptions::len()).await?, 6);

    let text = LcsMatch { first: 4..=7, second: 5..=8, len: 4 };
    let my = LcsMatch { first: 2..=3, second: 0..=1, len: 2 };
    let all = client.lcs_with("lcs:1", "lcs:2", LcsOptions::idx()).await?;
    assert_eq!(all, LcsMatches { matches: vec![text.clone(), my], len: 6 });
    let long = client.lcs_with("lcs:1", "lcs:2", LcsOptions::idx().minmatchlen(4)).await?;
    assert_eq!(long, LcsMatches { matches: vec![text], len: 6 });
    let none = client.lcs_with("lcs:1", "nothing", LcsOptions::idx()).await?;
    assert_eq!(none, LcsMatches { matches: vec![], len: 0 });
    Ok(())
}

#[tokio::test]
async fn a_string_command_on_a_list_is_wrongtype() {
    in_both_protocols(wrong_type).await;
}

async fn wrong_type(_: &Server, client: &Client) -> Result<()> {
    client.rpush("list", "x").await?;
    for failed in [
        client.get::<String>("list").await.unwrap_err(),
        client.incr("list").await.unwrap_err(),
        client.append("list", "x").await.unwrap_err(),
        client.strlen("list").await.unwrap_err(),
        client.set_with("list", 1, SetOptions::new().get::<String>()).await.unwrap_err(),
    ] {
        assert!(failed.to_string().contains("WRONGTYPE"), "{failed}");
    }
    client.set("list", "overwritten").await?;
    assert_eq!(client.get::<String>("list").await?.as_deref(), Some("overwritten"));
    Ok(())
}

#[tokio::test]
async fn replies_in_a_transaction_are_the_same() {
    in_both_protocols(queued).await;
}

async fn queued(_: &Server, client: &Client) -> Result<()> {
    let hlist_pat![(), stored, old, count, both, none] = client
        .pipeline()
        .set(NAME, "ann")
        .set_with(NAME, "bob", SetOptions::new().nx())
        .set_with(NAME, "eve", SetOptions::new().get::<String>().ex(10))
        .incr(HITS)
        .mget::<String>((NAME, "nothing"))
        .getdel::<String>("nothing")
        .execute()
        .await?;
    assert_eq!((stored, old.as_deref(), count, none), (false, Some("ann"), 1, None));
    assert_eq!(both, [Some("eve".into()), None]);
    Ok(())
}

#[tokio::test]
async fn every_command_on_strings_was_run() {
    in_both_protocols(async |server, client| {
        reading(server, client).await?;
        client.flushdb().await?;
        setting_conditionally(server, client).await?;
        expiring(server, client).await?;
        reading_and_expiring(server, client).await?;
        client.flushdb().await?;
        counting(server, client).await?;
        client.flushdb().await?;
        parts(server, client).await?;
        client.flushdb().await?;
        several(server, client).await?;
        subsequences(server, client).await?;
        client.flushdb().await?;
        comparing(server, client).await?;
        several_with_expiry(server, client).await?;
        assert_all_ran(server, "string").await;
        Ok(())
    })
    .await;
}
