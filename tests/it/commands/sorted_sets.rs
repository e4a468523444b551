//! The commands on sorted sets, each run against a real server.

use crate::support::rows::{assert_all_ran, has, in_both_protocols};
use bytes::Bytes;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};
use typedis::{
    Client, Error, Key, Result, hlist_pat,
    key::{Set, SortedSet},
    options::{Aggregate, CombineOptions, MinMax, ScanOptions, ZaddOptions, ZrangeOptions, ZrangebyscoreOptions},
    prelude::*,
};
use typedis_testing::Server;

#[tokio::test]
async fn every_row_answers_as_declared() {
    in_both_protocols(async |server, client| {
        members(client).await?;
        added_with_options(server, client).await?;
        positions(client).await?;
        ranges_of_scores(client).await?;
        ranges_of_members(client).await?;
        removed_ranges(client).await?;
        popped(client).await?;
        pages(client).await?;
        if has(server, (6, 2, 0), "what came with 6.2") {
            ranges_by_options(client).await?;
            stored_ranges(client).await?;
            scores_of_several(client).await?;
            random_members(client).await?;
            combinations(client).await?;
            differences(client).await?;
        }
        stored_combinations(client).await?;
        blocking_with_something_there(client).await?;
        if has(server, (7, 0, 0), "what came with 7.0") {
            counted_intersections(client).await?;
            popped_from_several(client).await?;
        }
        assert_all_ran(server, "sorted-set").await;
        Ok(())
    })
    .await;
}

async fn members(client: &Client) -> Result<()> {
    assert_eq!(client.zadd("board", [(12.5, "ann"), (7.0, "ben")]).await?, 2);
    assert_eq!(client.zadd("board", (3, "cid")).await?, 1);
    assert_eq!(client.zadd("board", vec![(8, "ben"), (1, "dot")]).await?, 1);
    assert_eq!(scored(client, "board").await?, pairs([("dot", 1.0), ("cid", 3.0), ("ben", 8.0), ("ann", 12.5)]));
    assert_eq!((client.zcard("board").await?, client.zcard("nothing").await?), (4, 0));

    assert_eq!(client.zscore("board", "ann").await?, Some(12.5));
    assert_eq!(client.zscore("board", "eve").await?, None);
    assert_eq!(client.zscore("nothing", "ann").await?, None);
    assert_eq!(client.zincrby("board", 2, "cid").await?, 5.0);
    assert_eq!(client.zincrby("board", -0.5, "eve").await?, -0.5);

    assert_eq!(client.zrem("board", ["eve", "nobody"]).await?, 1);
    assert_eq!(client.zrem("board", "eve").await?, 0);
    assert_eq!(
        client.zadd("extremes", [(f64::INFINITY, "top"), (f64::NEG_INFINITY, "bottom"), (1e300, "far")]).await?,
        3
    );
    assert_eq!(client.zscore("extremes", "top").await?, Some(f64::INFINITY));
    assert_eq!(client.zscore("extremes", "bottom").await?, Some(f64::NEG_INFINITY));
    assert_eq!(client.zscore("extremes", "far").await?, Some(1e300));
    Ok(())
}

async fn added_with_options(server: &Server, client: &Client) -> Result<()> {
    let new = ZaddOptions::new();
    client.zadd("rank", [(5, "ann"), (5, "ben")]).await?;
    assert_eq!(client.zadd_with("rank", [(6, "ann"), (7, "cid")], new).await?, 1);
    assert_eq!(client.zadd_with("rank", [(1, "ann"), (8, "dot")], new.nx()).await?, 1);
    assert_eq!(client.zadd_with("rank", [(9, "ann"), (9, "eve")], new.xx()).await?, 0);
    assert_eq!(client.zadd_with("rank", [(3, "ann"), (3, "eve")], new.ch()).await?, 2);
    assert_eq!(
        scored(client, "rank").await?,
        pairs([("ann", 3.0), ("eve", 3.0), ("ben", 5.0), ("cid", 7.0), ("dot", 8.0)])
    );

    assert_eq!(client.zadd_with("rank", (2.5, "ann"), new.incr()).await?, Some(5.5));
    assert_eq!(client.zadd_with("rank", (2.5, "nobody"), new.xx().incr()).await?, None);
    assert_eq!(client.zadd_with("rank", &(1, "ann"), new.incr().nx()).await?, None);

    if has(server, (6, 2, 0), "ZADD with GT and LT") {
        assert_eq!(client.zadd_with("rank", [(5, "ann"), (6, "ben"), (0, "fay")], new.gt().ch()).await?, 2);
        assert_eq!(client.zadd_with("rank", [(5, "ann"), (9, "ben")], new.lt().ch()).await?, 1);
        assert_eq!(client.zadd_with("rank", [(9, "ann"), (9, "gus")], new.xx().gt().ch()).await?, 1);
        assert_eq!(client.zadd_with("rank", (-1, "ann"), new.gt().incr()).await?, None);
    }
    Ok(())
}

async fn positions(client: &Client) -> Result<()> {
    client.zadd("letters", [(1, "a"), (2, "b"), (3, "c"), (4, "d")]).await?;
    assert_eq!(client.zrange::<String>("letters", 0, -1).await?, ["a", "b", "c", "d"]);
    assert_eq!(client.zrange::<String>("letters", -2, -1).await?, ["c", "d"]);
    assert!(client.zrange::<String>("letters", 5, 9).await?.is_empty());
    assert!(client.zrange::<String>("nothing", 0, -1).await?.is_empty());
    assert_eq!(client.zrevrange::<String>("letters", 0, 1).await?, ["d", "c"]);
    assert_eq!(client.zrevrange_withscores("letters", 0, 1).await?, pairs([("d", 4.0), ("c", 3.0)]));

    let first = ZrangeOptions::index(0, 1);
    assert_eq!(client.zrange_with::<String, _>("letters", first.clone()).await?, ["a", "b"]);
    assert_eq!(client.zrange_with("letters", first.withscores()).await?, pairs([("a", 1.0), ("b", 2.0)]));
    assert!(client.zrange_with::<String, _>("nothing", ZrangeOptions::index(0, -1).withscores()).await?.is_empty());

    assert_eq!((client.zrank("letters", "a").await?, client.zrank("letters", "d").await?), (Some(0), Some(3)));
    assert_eq!((client.zrank("letters", "z").await?, client.zrank("nothing", "a").await?), (None, None));
    assert_eq!((client.zrevrank("letters", "a").await?, client.zrevrank("letters", "z").await?), (Some(3), None));
    Ok(())
}

async fn ranges_of_scores(client: &Client) -> Result<()> {
    client.zadd("ages", [(17.0, "ann"), (17.5, "ben"), (40.0, "cid"), (65.0, "dot")]).await?;
    let get = |range: (Bound<f64>, Bound<f64>)| client.zrangebyscore::<String>("ages", range);
    assert_eq!(client.zrangebyscore::<String>("ages", 17.5..=65.0).await?, ["ben", "cid", "dot"]);
    assert_eq!(client.zrangebyscore::<String>("ages", 17.5..65.0).await?, ["ben", "cid"]);
    assert_eq!(client.zrangebyscore::<String>("ages", 18..).await?, ["cid", "dot"]);
    assert_eq!(client.zrangebyscore::<String>("ages", ..=40_u64).await?, ["ann", "ben", "cid"]);
    assert_eq!(client.zrangebyscore::<String>("ages", ..40_i64).await?, ["ann", "ben"]);
    assert_eq!(client.zrangebyscore::<String>("ages", ..).await?.len(), 4);
    assert_eq!(get((Bound::Excluded(17.0), Bound::Excluded(40.0))).await?, ["ben"]);
    assert_eq!(client.zrangebyscore::<String>("ages", f64::NEG_INFINITY..=f64::INFINITY).await?.len(), 4);
    assert!(client.zrangebyscore::<String>("nothing", ..).await?.is_empty());

    assert_eq!(client.zcount("ages", 17.5..40.0).await?, 1);
    assert_eq!((client.zcount("ages", ..).await?, client.zcount("nothing", ..).await?), (4, 0));

    let second = ZrangebyscoreOptions::new().limit(1, 1);
    assert_eq!(client.zrangebyscore_with::<String, _>("ages", 17.., second).await?, ["ben"]);
    assert_eq!(client.zrangebyscore_with("ages", 17.., second.withscores()).await?, pairs([("ben", 17.5)]));
    let all = ZrangebyscoreOptions::new().limit(2, -1).withscores();
    assert_eq!(client.zrangebyscore_with("ages", .., all).await?, pairs([("cid", 40.0), ("dot", 65.0)]));

    assert_eq!(client.zrevrangebyscore::<String>("ages", 17.0..40.0).await?, ["ben", "ann"]);
    assert_eq!(client.zrevrangebyscore::<String>("ages", 40..).await?, ["dot", "cid"]);
    assert_eq!(client.zrevrangebyscore_with::<String, _>("ages", .., second).await?, ["cid"]);
    assert_eq!(client.zrevrangebyscore_with("ages", ..40, second.withscores()).await?, pairs([("ann", 17.0)]));
    Ok(())
}

async fn ranges_of_members(client: &Client) -> Result<()> {
    client.zadd("names", [(0, "ada"), (0, "bob"), (0, "cleo"), (0, "dan")]).await?;
    assert_eq!(client.zrangebylex::<String>("names", "ada"..="cleo").await?, ["ada", "bob", "cleo"]);
    assert_eq!(client.zrangebylex::<String>("names", "b".."cleo".to_owned().as_str()).await?, ["bob"]);
    assert_eq!(client.zrangebylex::<String>("names", String::from("c")..).await?, ["cleo", "dan"]);
    assert_eq!(client.zrangebylex::<String>("names", ..Bytes::from_static(b"bob")).await?, ["ada"]);
    assert_eq!(client.zrangebylex::<String>("names", ..=b"bob").await?, ["ada", "bob"]);
    assert_eq!(client.zrangebylex::<String>("names", ..).await?.len(), 4);
    let between = (Bound::Excluded("ada"), Bound::Excluded("dan"));
    assert_eq!(client.zrangebylex::<String>("names", between).await?, ["bob", "cleo"]);
    assert_eq!(client.zrangebylex_limit::<String>("names", .., 1, 2).await?, ["bob", "cleo"]);
    assert_eq!(client.zrangebylex_limit::<String>("names", "b".., 1, -1).await?, ["cleo", "dan"]);

    assert_eq!(client.zrevrangebylex::<String>("names", "b".."dan").await?, ["cleo", "bob"]);
    assert_eq!(client.zrevrangebylex::<String>("names", "c"..).await?, ["dan", "cleo"]);
    assert_eq!(client.zrevrangebylex_limit::<String>("names", .., 0, 1).await?, ["dan"]);

    assert_eq!(client.zlexcount("names", "b".."d").await?, 2);
    assert_eq!((client.zlexcount("names", ..).await?, client.zlexcount("nothing", ..).await?), (4, 0));
    Ok(())
}

async fn removed_ranges(client: &Client) -> Result<()> {
    client.zadd("old", (0..10).map(|number| (number, number)).collect::<Vec<_>>()).await?;
    assert_eq!(client.zremrangebyscore("old", ..3).await?, 3);
    assert_eq!(client.zremrangebyscore("old", ..3).await?, 0);
    assert_eq!(client.zremrangebyrank("old", -2, -1).await?, 2);
    assert_eq!(client.zrange::<i64>("old", 0, -1).await?, [3, 4, 5, 6, 7]);
    client.zadd("same", [(0, "a"), (0, "b"), (0, "c")]).await?;
    assert_eq!(client.zremrangebylex("same", "b"..).await?, 2);
    assert_eq!(client.zremrangebyrank("same", 0, -1).await?, 1);
    assert_eq!(client.del("same").await?, 0, "a sorted set without members is gone");
    Ok(())
}

async fn popped(client: &Client) -> Result<()> {
    client.zadd("jobs", [(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, "e"), (6, "f")]).await?;
    assert_eq!(client.zpopmin("jobs").await?, Some(("a".to_owned(), 1.0)));
    assert_eq!(client.zpopmax("jobs").await?, Some(("f".to_owned(), 6.0)));
    assert_eq!(client.zpopmin_count("jobs", 2).await?, pairs([("b", 2.0), ("c", 3.0)]));
    assert_eq!(client.zpopmax_count("jobs", 1).await?, pairs([("e", 5.0)]));
    assert_eq!(client.zpopmax_count("jobs", 9).await?, pairs([("d", 4.0)]));
    assert_eq!((client.zpopmin::<String>("jobs").await?, client.zpopmax::<String>("jobs").await?), (None, None));
    assert!(client.zpopmin_count::<String>("jobs", 2).await?.is_empty());
    assert!(client.zpopmax_count::<String>("jobs", 2).await?.is_empty());
    Ok(())
}

async fn pages(client: &Client) -> Result<()> {
    assert_eq!(client.zscan("letters", 0).await?, (0, pairs([("a", 1.0), ("b", 2.0), ("c", 3.0), ("d", 4.0)])));
    assert_eq!(client.zscan::<String>("nothing", 0).await?, (0, vec![]));

    // Enough members for several pages of the scan.
    client.zadd("large", (0..2_000).map(|number| (f64::from(number) / 2.0, number)).collect::<Vec<_>>()).await?;
    let options = ScanOptions::new().matching("19*").count(100);
    let (mut found, mut cursor, mut pages) = (BTreeMap::new(), 0, 0);
    loop {
        let (next, page) = client.zscan_with::<u32>("large", cursor, options).await?;
        found.extend(page);
        pages += 1;
        if next == 0 {
            break;
        }
        cursor = next;
    }
    assert_eq!((found.len(), pages > 1), (111, true));
    assert!(found.iter().all(|(number, score)| f64::from(*number) / 2.0 == *score));
    Ok(())
}

async fn ranges_by_options(client: &Client) -> Result<()> {
    let last: Vec<String> = client.zrange_with("letters", ZrangeOptions::index(0, 1).rev()).await?;
    assert_eq!(last, ["d", "c"]);
    let last = ZrangeOptions::index(0, 1).withscores().rev();
    assert_eq!(client.zrange_with("letters", last).await?, pairs([("d", 4.0), ("c", 3.0)]));

    let by_score = ZrangeOptions::byscore(17.0..40.0);
    assert_eq!(client.zrange_with::<String, _>("ages", by_score.clone()).await?, ["ann", "ben"]);
    assert_eq!(client.zrange_with::<String, _>("ages", by_score.clone().rev()).await?, ["ben", "ann"]);
    let second = by_score.rev().limit(1, 1).withscores();
    assert_eq!(client.zrange_with("ages", second).await?, pairs([("ann", 17.0)]));
    assert_eq!(client.zrange_with::<String, _>("ages", ZrangeOptions::byscore(..).rev()).await?.len(), 4);

    let by_lex = ZrangeOptions::bylex("b".."dan");
    assert_eq!(client.zrange_with::<String, _>("names", by_lex.clone()).await?, ["bob", "cleo"]);
    assert_eq!(client.zrange_with::<String, _>("names", by_lex.limit(0, 1).rev()).await?, ["cleo"]);
    assert_eq!(client.zrange_with::<String, _>("names", ZrangeOptions::bylex(..).rev()).await?.len(), 4);
    Ok(())
}

async fn stored_ranges(client: &Client) -> Result<()> {
    assert_eq!(client.zrangestore("part", "letters", 1, 2).await?, 2);
    assert_eq!(scored(client, "part").await?, pairs([("b", 2.0), ("c", 3.0)]));
    client.set("part", "overwritten, of whatever kind it is").await?;
    assert_eq!(client.zrangestore_with("part", "ages", ZrangeOptions::byscore(18..).rev().limit(0, 1)).await?, 1);
    assert_eq!(scored(client, "part").await?, pairs([("dot", 65.0)]));
    assert_eq!(client.zrangestore_with("part", "letters", ZrangeOptions::index(0, 0).rev()).await?, 1);
    assert_eq!(scored(client, "part").await?, pairs([("d", 4.0)]));
    assert_eq!(client.zrangestore_with("part", "names", ZrangeOptions::bylex("x"..)).await?, 0);
    assert_eq!(client.del("part").await?, 0, "no members, no sorted set");
    Ok(())
}

async fn scores_of_several(client: &Client) -> Result<()> {
    assert_eq!(client.zmscore("letters", ["a", "z", "c"]).await?, [Some(1.0), None, Some(3.0)]);
    assert_eq!(client.zmscore("nothing", "a").await?, [None]);
    Ok(())
}

async fn random_members(client: &Client) -> Result<()> {
    let one = client.zrandmember::<String>("letters").await?.unwrap();
    assert!("abcd".contains(&one));
    assert_eq!(client.zrandmember::<String>("nothing").await?, None);
    let three: BTreeSet<String> = client.zrandmember_count("letters", 3).await?.into_iter().collect();
    assert_eq!(three.len(), 3, "members come once");
    assert_eq!(client.zrandmember_count::<String>("letters", -9).await?.len(), 9);
    assert!(client.zrandmember_count::<String>("nothing", 2).await?.is_empty());

    let mut all = client.zrandmember_withscores::<String>("letters", 9).await?;
    all.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    assert_eq!(all, pairs([("a", 1.0), ("b", 2.0), ("c", 3.0), ("d", 4.0)]));
    assert_eq!(client.zrandmember_withscores::<String>("letters", -9).await?.len(), 9);
    assert!(client.zrandmember_withscores::<String>("nothing", 2).await?.is_empty());
    Ok(())
}

async fn combinations(client: &Client) -> Result<()> {
    two_boards(client).await?;
    client.sadd("guests", ["ann", "zoe"]).await?;
    assert_eq!(client.zunion::<String>(["spring", "autumn"]).await?, ["ben", "cid", "ann"]);
    assert_eq!(client.zinter::<String>(["spring", "autumn"]).await?, ["ann"]);
    assert_eq!(client.zinter::<String>(["spring", "guests"]).await?, ["ann"], "sets take part");
    assert!(client.zinter::<String>(["spring", "nothing"]).await?.is_empty());

    let sum = CombineOptions::new().withscores();
    let both = ["spring", "autumn"];
    assert_eq!(client.zunion_with(both, sum).await?, pairs([("ben", 2.0), ("cid", 3.0), ("ann", 6.0)]));
    let weighted = CombineOptions::new().weights([10.0, 1.0]);
    assert_eq!(client.zunion_with::<String, _>(both, weighted.clone()).await?, ["cid", "ann", "ben"]);
    let least = weighted.clone().aggregate(Aggregate::Min).withscores();
    assert_eq!(client.zinter_with(both, least).await?, pairs([("ann", 5.0)]));
    let greatest = weighted.aggregate(Aggregate::Max).withscores();
    assert_eq!(client.zinter_with(both, greatest).await?, pairs([("ann", 10.0)]));
    let added = CombineOptions::new().aggregate(Aggregate::Sum);
    assert_eq!(client.zinter_with::<String, _>(both, added).await?, ["ann"]);
    Ok(())
}

async fn differences(client: &Client) -> Result<()> {
    assert_eq!(client.zdiff::<String>(["spring", "autumn"]).await?, ["ben"]);
    assert_eq!(client.zdiff_withscores(["autumn", "spring"]).await?, pairs([("cid", 3.0)]));
    assert!(client.zdiff_withscores::<String>(["spring", "spring"]).await?.is_empty());
    assert_eq!(client.zdiffstore("result", ["spring", "autumn"]).await?, 1);
    assert_eq!(scored(client, "result").await?, pairs([("ben", 2.0)]));
    assert_eq!(client.zdiffstore("result", ["spring", "spring"]).await?, 0);
    Ok(())
}

async fn stored_combinations(client: &Client) -> Result<()> {
    two_boards(client).await?;
    let both = ["spring", "autumn"];
    assert_eq!(client.zunionstore("result", both).await?, 3);
    assert_eq!(scored(client, "result").await?, pairs([("ben", 2.0), ("cid", 3.0), ("ann", 6.0)]));
    assert_eq!(client.zinterstore("result", both).await?, 1);
    assert_eq!(scored(client, "result").await?, pairs([("ann", 6.0)]));
    assert_eq!(client.zunionstore_with("result", both, CombineOptions::new().weights([2, 0])).await?, 3);
    assert_eq!(scored(client, "result").await?, pairs([("cid", 0.0), ("ann", 2.0), ("ben", 4.0)]));
    let least = CombineOptions::new().aggregate(Aggregate::Min);
    assert_eq!(client.zinterstore_with("result", both, least).await?, 1);
    assert_eq!(scored(client, "result").await?, pairs([("ann", 1.0)]));
    assert_eq!(client.zinterstore("result", ["spring", "nothing"]).await?, 0);
    assert_eq!(client.del("result").await?, 0, "no members, no sorted set");
    Ok(())
}

async fn counted_intersections(client: &Client) -> Result<()> {
    assert_eq!(client.zintercard(["spring", "autumn"]).await?, 1);
    assert_eq!(client.zintercard(["spring", "nothing"]).await?, 0);
    assert_eq!(client.zintercard_limit("spring", 1).await?, 1);
    assert_eq!(client.zintercard_limit("spring", 0).await?, 2);
    Ok(())
}

async fn blocking_with_something_there(client: &Client) -> Result<()> {
    const SHORT: f64 = 0.01;
    client.zadd("ready", [(1, "a"), (2, "b"), (3, "c")]).await?;
    let keys = ["nothing", "ready"];
    assert_eq!(client.bzpopmin(keys, 0.0).await?, Some(("ready".into(), "a".to_owned(), 1.0)));
    assert_eq!(client.bzpopmax("ready", 0.0).await?, Some(("ready".into(), "c".to_owned(), 3.0)));
    assert_eq!(client.bzpopmin::<String>(["nothing", "nothing:2"], SHORT).await?, None);
    assert_eq!(client.bzpopmax::<String>("nothing", SHORT).await?, None);
    Ok(())
}

async fn popped_from_several(client: &Client) -> Result<()> {
    const SHORT: f64 = 0.01;
    client.zadd("queue", (1..=8).map(|number| (number, number)).collect::<Vec<_>>()).await?;
    let keys = ["nothing", "queue"];
    assert_eq!(client.zmpop::<u32>(keys, MinMax::Min).await?, Some(("queue".into(), vec![(1, 1.0)])));
    let two = client.zmpop_count::<u32>("queue", MinMax::Max, 2).await?;
    assert_eq!(two, Some(("queue".into(), vec![(8, 8.0), (7, 7.0)])));
    assert_eq!(client.zmpop::<u32>("nothing", MinMax::Min).await?, None);
    assert_eq!(client.zmpop_count::<u32>(["nothing", "nothing:2"], MinMax::Min, 2).await?, None);

    assert_eq!(client.bzmpop::<u32>(0.0, keys, MinMax::Max).await?, Some(("queue".into(), vec![(6, 6.0)])));
    let rest = client.bzmpop_count::<u32>(0.0, "queue", MinMax::Min, 9).await?;
    assert_eq!(rest, Some(("queue".into(), vec![(2, 2.0), (3, 3.0), (4, 4.0), (5, 5.0)])));
    assert_eq!(client.bzmpop::<u32>(SHORT, keys, MinMax::Min).await?, None);
    assert_eq!(client.bzmpop_count::<u32>(SHORT, keys, MinMax::Min, 2).await?, None);
    Ok(())
}

#[tokio::test]
async fn a_blocking_command_waits_for_what_another_caller_of_the_client_adds() {
    in_both_protocols(async |server, client| {
        let add = async |score: i32| {
            until_somebody_blocks(server).await;
            client.zadd("jobs", (score, "sweep")).await
        };
        let (job, _) = tokio::try_join!(client.bzpopmin::<String>(["urgent", "jobs"], 0.0), add(1))?;
        assert_eq!(job, Some(("jobs".into(), "sweep".to_owned(), 1.0)));
        let (job, _) = tokio::try_join!(client.bzpopmax::<String>("jobs", 10.0), add(2))?;
        assert_eq!(job, Some(("jobs".into(), "sweep".to_owned(), 2.0)));
        if has(server, (7, 0, 0), "BZMPOP") {
            let wait = client.bzmpop_count::<String>(10.0, ["urgent", "jobs"], MinMax::Min, 5);
            let (jobs, _) = tokio::try_join!(wait, add(3))?;
            assert_eq!(jobs, Some(("jobs".into(), pairs([("sweep", 3.0)]))));
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn typed_keys_fix_the_type_of_the_members() {
    const BOARD: Key<SortedSet<u64>> = Key::new("board");
    const ONLINE: Key<Set<u64>> = Key::new("online");
    in_both_protocols(async |server, client| {
        let hlist_pat![two, score, rank, all, scored, one, _] = client
            .pipeline()
            .zadd(BOARD, [(2.5, 7), (1.5, 8)])
            .zincrby(BOARD, 1, 8)
            .zrank(BOARD, 7)
            .zrange(BOARD, 0, -1)
            .zrange_with(BOARD, ZrangeOptions::index(0, -1).withscores())
            .zpopmin(BOARD)
            .sadd(ONLINE, 7)
            .execute()
            .await?;
        assert_eq!((two, score, rank), (2, 2.5, Some(0)));
        let all: Vec<u64> = all;
        let scored: Vec<(u64, f64)> = scored;
        let one: Option<(u64, f64)> = one;
        assert_eq!((all, scored, one), (vec![7, 8], vec![(7, 2.5), (8, 2.5)], Some((7, 2.5))));
        if has(server, (6, 2, 0), "ZUNION") {
            let everybody: Vec<(u64, f64)> =
                client.zunion_with((BOARD, ONLINE), CombineOptions::new().withscores()).await?;
            assert_eq!(everybody, [(7, 1.0), (8, 2.5)]);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn scores_come_in_a_transaction_as_they_do_alone() {
    in_both_protocols(async |_, client| {
        let (added, incremented, skipped, score, none, popped) = typedis::pipeline! { client =>
            zadd("board", [(1.5, "ann"), (2.5, "ben")]);
            zadd_with("board", (1, "ann"), ZaddOptions::new().incr());
            zadd_with("board", (1, "cid"), ZaddOptions::new().xx().incr());
            zscore("board", "ann");
            zscore("board", "cid");
            zpopmax_count::<String>("board", 2);
        }?;
        assert_eq!((added, incremented, skipped, score, none), (2, Some(2.5), None, Some(2.5), None));
        assert_eq!(popped, pairs([("ben", 2.5), ("ann", 2.5)]));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_meant_is_an_error_that_names_the_command() {
    in_both_protocols(async |server, client| {
        client.set("text", "not a sorted set").await?;
        let words = client.zadd("text", (1, "a")).await.unwrap_err().to_string();
        assert!(words.contains("ZADD") && words.contains("WRONGTYPE"), "{words}");
        let error = client.zadd("board", (f64::NAN, "a")).await.unwrap_err();
        assert!(matches!(error, Error::Server { .. }), "{error:?}");
        let error = client.zrangebyscore::<String>("board", f64::NAN..).await.unwrap_err();
        assert!(matches!(error, Error::Server { .. }), "{error:?}");
        let error = client.zadd("board", Vec::<(f64, String)>::new()).await.unwrap_err();
        assert!(matches!(error, Error::Argument { .. }), "{error:?}");

        let monitor = server.monitor().await;
        let options = CombineOptions::new().weights([1.0, 2.0, 3.0]);
        let error = client.zunionstore_with("all", ["spring", "autumn"], options).await.unwrap_err();
        assert!(matches!(error, Error::Argument { .. }), "{error:?}");
        assert!(error.to_string().contains("as many weights as keys"), "{error}");
        assert!(nothing_but_the_end(monitor, server).await, "it was sent");
        Ok(())
    })
    .await;
}

async fn nothing_but_the_end(mut monitor: typedis_testing::Monitor, server: &Server) -> bool {
    server.raw().await.command(["ECHO", "the-end"]).await;
    monitor.stop_at("the-end").await.is_empty()
}

/// Waits until a client is blocked on the server.
async fn until_somebody_blocks(server: &Server) {
    let mut raw = server.raw().await;
    while !raw.command(["INFO", "clients"]).await.text().contains("blocked_clients:1") {}
}

async fn two_boards(client: &Client) -> Result<()> {
    client.zadd("spring", [(1, "ann"), (2, "ben")]).await?;
    client.zadd("autumn", [(5, "ann"), (3, "cid")]).await?;
    Ok(())
}

async fn scored(client: &Client, key: &str) -> Result<Vec<(String, f64)>> {
    client.zrange_with(key, ZrangeOptions::index(0, -1).withscores()).await
}

fn pairs<const N: usize>(pairs: [(&str, f64); N]) -> Vec<(String, f64)> {
    pairs.map(|(member, score)| (member.to_owned(), score)).into()
}
