//! The commands on sets, each run against a real server.

use crate::support::rows::{assert_all_ran, has, in_both_protocols};
use std::collections::{BTreeSet, HashSet};
use typedis::{Client, Error, Key, Result, hlist_pat, key::Set, options::ScanOptions, prelude::*};
use typedis_testing::Server;

#[tokio::test]
async fn every_row_answers_as_declared() {
    in_both_protocols(async |server, client| {
        members(server, client).await?;
        moves(client).await?;
        random_members(client).await?;
        combinations(client).await?;
        stored_combinations(client).await?;
        if has(server, (7, 0, 0), "SINTERCARD") {
            counted_intersections(client).await?;
        }
        pages(client).await?;
        assert_all_ran(server, "set").await;
        Ok(())
    })
    .await;
}

async fn members(server: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.sadd("tags", ["rust", "redis", "rust"]).await?, 2);
    assert_eq!(client.sadd("tags", "rust").await?, 0);
    assert_eq!(client.sadd("tags", HashSet::from(["tokio", "redis"])).await?, 1);
    assert_eq!(sorted(client.smembers::<String>("tags").await?), ["redis", "rust", "tokio"]);
    assert!(client.smembers::<String>("nothing").await?.is_empty());
    assert_eq!((client.scard("tags").await?, client.scard("nothing").await?), (3, 0));

    assert!(client.sismember("tags", "rust").await?);
    assert!(!client.sismember("tags", "java").await?);
    assert!(!client.sismember("nothing", "rust").await?);
    if has(server, (6, 2, 0), "SMISMEMBER") {
        assert_eq!(client.smismember("tags", ["rust", "java", "redis"]).await?, [true, false, true]);
        assert_eq!(client.smismember("nothing", "rust").await?, [false]);
    }

    assert_eq!(client.srem("tags", ["rust", "java"]).await?, 1);
    assert_eq!(client.srem("tags", ["redis", "tokio"]).await?, 2);
    assert_eq!(client.srem("tags", "redis").await?, 0);
    assert_eq!(client.del("tags").await?, 0, "a set without members is gone");
    Ok(())
}

async fn moves(client: &Client) -> Result<()> {
    client.sadd("todo", ["wash", "cook"]).await?;
    assert!(client.smove("todo", "done", "cook").await?);
    assert!(!client.smove("todo", "done", "cook").await?);
    assert!(!client.smove("nothing", "done", "sleep").await?);
    assert_eq!(client.smembers::<String>("todo").await?, ["wash"]);
    assert_eq!(client.smembers::<String>("done").await?, ["cook"]);
    Ok(())
}

async fn random_members(client: &Client) -> Result<()> {
    client.sadd("dice", [1, 2, 3, 4, 5, 6]).await?;
    assert!((1..=6).contains(&client.srandmember::<u32>("dice").await?.unwrap()));
    assert_eq!(client.srandmember::<u32>("nothing").await?, None);
    let four: BTreeSet<u32> = client.srandmember_count("dice", 4).await?.into_iter().collect();
    assert_eq!(four.len(), 4, "members come once");
    assert_eq!(client.srandmember_count::<u32>("dice", 9).await?.len(), 6);
    assert_eq!(client.srandmember_count::<u32>("dice", -9).await?.len(), 9);
    assert!(client.srandmember_count::<u32>("nothing", 3).await?.is_empty());
    assert_eq!(client.scard("dice").await?, 6, "nothing was taken");

    let first = client.spop::<u32>("dice").await?.unwrap();
    let mut all = client.spop_count::<u32>("dice", 2).await?;
    assert_eq!(all.len(), 2);
    all.extend(client.spop_count::<u32>("dice", 9).await?);
    all.push(first);
    all.sort();
    assert_eq!(all, [1, 2, 3, 4, 5, 6]);
    assert_eq!(client.spop::<u32>("dice").await?, None);
    assert!(client.spop_count::<u32>("dice", 2).await?.is_empty());
    Ok(())
}

async fn combinations(client: &Client) -> Result<()> {
    client.sadd("low", [1, 2, 3]).await?;
    client.sadd("mid", [2, 3, 4]).await?;
    assert_eq!(sorted(client.sunion::<i64>(["low", "mid"]).await?), [1, 2, 3, 4]);
    assert_eq!(sorted(client.sinter::<i64>(["low", "mid"]).await?), [2, 3]);
    assert_eq!(client.sdiff::<i64>(["low", "mid"]).await?, [1]);
    assert_eq!(client.sdiff::<i64>(["mid", "low", "nothing"]).await?, [4]);
    assert_eq!(sorted(client.sunion::<i64>("low").await?), [1, 2, 3]);
    assert!(client.sinter::<i64>(["low", "nothing"]).await?.is_empty());
    Ok(())
}

async fn stored_combinations(client: &Client) -> Result<()> {
    assert_eq!(client.sunionstore("result", ["low", "mid"]).await?, 4);
    assert_eq!(sorted(client.smembers::<i64>("result").await?), [1, 2, 3, 4]);
    assert_eq!(client.sinterstore("result", ["low", "mid"]).await?, 2);
    assert_eq!(sorted(client.smembers::<i64>("result").await?), [2, 3]);
    client.set("result", "overwritten, of whatever kind it is").await?;
    assert_eq!(client.sdiffstore("result", ["low", "mid"]).await?, 1);
    assert_eq!(client.smembers::<i64>("result").await?, [1]);
    assert_eq!(client.sdiffstore("result", ["low", "low"]).await?, 0);
    assert_eq!(client.del("result").await?, 0, "no members, no set");
    Ok(())
}

async fn counted_intersections(client: &Client) -> Result<()> {
    assert_eq!(client.sintercard(["low", "mid"]).await?, 2);
    assert_eq!(client.sintercard(["low", "nothing"]).await?, 0);
    assert_eq!(client.sintercard_limit(["low", "mid"], 1).await?, 1);
    assert_eq!(client.sintercard_limit("low", 0).await?, 3);
    Ok(())
}

async fn pages(client: &Client) -> Result<()> {
    let (cursor, page) = client.sscan::<i64>("low", 0).await?;
    assert_eq!((cursor, sorted(page)), (0, vec![1, 2, 3]));
    assert_eq!(client.sscan::<i64>("nothing", 0).await?, (0, vec![]));

    // Enough members for several pages of the scan.
    client.sadd("large", (0..2_000).map(|number| format!("n:{number}")).collect::<Vec<_>>()).await?;
    let options = ScanOptions::new().matching("n:19*").count(100);
    let (mut found, mut cursor, mut pages) = (BTreeSet::new(), 0, 0);
    loop {
        let (next, page) = client.sscan_with::<String>("large", cursor, options).await?;
        found.extend(page);
        pages += 1;
        if next == 0 {
            break;
        }
        cursor = next;
    }
    assert_eq!((found.len(), pages > 1), (111, true));
    assert!(found.iter().all(|member| member.starts_with("n:19")));
    Ok(())
}

#[tokio::test]
async fn typed_keys_fix_the_type_of_the_members() {
    const ONLINE: Key<Set<u64>> = Key::new("online");
    const PAYING: Key<Set<u64>> = Key::new("paying");
    in_both_protocols(async |_, client| {
        let hlist_pat![two, _, both, all, one, moved, left] = client
            .pipeline()
            .sadd(ONLINE, [7, 8])
            .sadd(PAYING, 8_u64)
            .sinter([ONLINE, PAYING])
            .smembers(PAYING)
            .srandmember(PAYING)
            .smove(PAYING, ONLINE, 8)
            .spop(PAYING)
            .execute()
            .await?;
        let all: (Vec<u64>, Vec<u64>, Option<u64>, Option<u64>) = (both, all, one, left);
        assert_eq!((two, moved, all), (2, true, (vec![8], vec![8], Some(8), None)));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_no_set_is_an_error_that_names_the_command() {
    in_both_protocols(async |_, client| {
        client.set("text", "not a set").await?;
        let error = client.sadd("text", "member").await.unwrap_err();
        assert!(matches!(&error, Error::Server { .. }), "{error:?}");
        let words = error.to_string();
        assert!(words.contains("SADD") && words.contains("WRONGTYPE"), "{words}");

        let error = client.sadd("set", [0; 0]).await.unwrap_err();
        assert!(matches!(error, Error::Argument { .. }), "{error:?}");
        Ok(())
    })
    .await;
}

fn sorted<T: Ord>(mut members: Vec<T>) -> Vec<T> {
    members.sort();
    members
}
