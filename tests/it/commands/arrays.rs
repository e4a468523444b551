//! The commands on arrays, which no server at hand has, on a peer that replies what Redis 8.8 does.

use crate::support::described::on_described;
use typedis::{
    Client, Error, Key, Result,
    commands::array::{ArgrepOptions, Predicate},
    key::{Array, KeyType},
    prelude::*,
};

const LOG: Key<Array<String>> = Key::new("log");
const HIGHEST: u64 = u64::MAX - 1;

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[tokio::test]
async fn elements_are_set_and_read() {
    let exchanges = &[
        ("ARSET log 0 a b", ":2", ":2"),
        ("ARSET log 18446744073709551614 z", ":1", ":1"),
        ("ARMSET log 3 18446744073709551615", ":0", ":0"),
        ("ARMSET log 3 c 5 d", ":2", ":2"),
        ("ARGET log 0", "$1 a", "$1 a"),
        ("ARGET log 2", "_", "$-1"),
        ("ARMGET log 0 2", "*2 $1 a _", "*2 $1 a $-1"),
        ("ARGETRANGE log 1 0", "*2 $1 b $1 a", "*2 $1 b $1 a"),
        ("ARGETRANGE nothing 0 1", "*2 _ _", "*2 $-1 $-1"),
        ("ARCOUNT log", ":5", ":5"),
        ("ARLEN log", "(18446744073709551615", "$20 18446744073709551615"),
        ("ARDEL log 0 2", ":1", ":1"),
        ("ARDELRANGE log 0 9", ":3", ":3"),
        ("ARDELRANGE log 0 9 20 29", ":0", ":0"),
        ("TYPE log", "+array", "+array"),
    ];
    on_described(exchanges, async |client| {
        assert_eq!(client.arset(LOG, 0, ["a", "b"]).await?, 2);
        assert_eq!(client.arset(LOG, HIGHEST, "z").await?, 1);
        assert_eq!(client.armset(LOG, [(3, "c"), (5, "d")]).await?, 2);
        assert_eq!(client.armset(LOG, [(3, "18446744073709551615")]).await?, 0);
        assert_eq!((client.arget(LOG, 0).await?, client.arget(LOG, 2).await?), (some("a"), None));
        assert_eq!(client.armget(LOG, [0, 2]).await?, [some("a"), None]);
        assert_eq!(client.argetrange(LOG, 1, 0).await?, [some("b"), some("a")]);
        assert_eq!(client.argetrange::<String>("nothing", 0, 1).await?, [None, None]);
        assert_eq!((client.arcount(LOG).await?, client.arlen(LOG).await?), (5, u64::MAX));
        assert_eq!(client.ardel(LOG, [0, 2]).await?, 1);
        assert_eq!(client.ardelrange(LOG, (0, 9)).await?, 3);
        assert_eq!(client.ardelrange(LOG, [(0, 9), (20, 29)]).await?, 0);
        assert_eq!(client.type_of(LOG).await?, Some(KeyType::Array));
        refused_indexes(client).await
    })
    .await;
}

async fn refused_indexes(client: &Client) -> Result<()> {
    let rejected = [
        client.arset(LOG, u64::MAX, "a").await.map(drop),
        client.arget(LOG, u64::MAX).await.map(drop),
        client.armget(LOG, [0, u64::MAX]).await.map(drop),
        client.ardel(LOG, []).await.map(drop),
        client.armset(LOG, [(3, "18446744073709551615"), (u64::MAX, "d")]).await.map(drop),
        client.ardelrange(LOG, [(0, 9), (20, u64::MAX)]).await.map(drop),
        client.arseek(LOG, u64::MAX).await.map(drop),
        client.argrep(LOG, ..0, Predicate::exact("a")).await.map(drop),
        client.argrep(LOG, 3..3, Predicate::exact("a")).await.map(drop),
        #[allow(clippy::reversed_empty_ranges, reason = "the server would walk backwards")]
        client.argrep(LOG, 5..2, Predicate::exact("a")).await.map(drop),
        client.argrep_with(LOG, .., ArgrepOptions::all([])).await.map(drop),
        client.arset(LOG, 0, Vec::<String>::new()).await.map(drop),
    ];
    for (at, result) in rejected.into_iter().enumerate() {
        assert!(matches!(result, Err(Error::Argument { .. })), "{at}: {result:?}");
    }
    Ok(())
}

#[tokio::test]
async fn elements_are_put_one_after_the_other() {
    let exchanges = &[
        ("ARINSERT log a b", ":1", ":1"),
        ("ARNEXT log", ":2", ":2"),
        ("ARNEXT nothing", ":0", ":0"),
        ("ARNEXT full", "_", "$-1"),
        ("ARSEEK log 9", ":1", ":1"),
        ("ARSEEK nothing 9", ":0", ":0"),
        ("ARRING log 3 c d", ":0", ":0"),
        ("ARLASTITEMS log 2", "*2 $1 c $1 d", "*2 $1 c $1 d"),
        ("ARLASTITEMS log 2 REV", "*2 $1 d _", "*2 $1 d $-1"),
    ];
    on_described(exchanges, async |client| {
        assert_eq!(client.arinsert(LOG, ["a", "b"]).await?, 1);
        assert_eq!((client.arnext(LOG).await?, client.arnext("nothing").await?), (Some(2), Some(0)));
        assert_eq!(client.arnext("full").await?, None);
        assert!(client.arseek(LOG, 9).await? && !client.arseek("nothing", 9).await?);
        assert_eq!(client.arring(LOG, 3, ("c", "d")).await?, 0);
        assert_eq!(client.arlastitems(LOG, 2).await?, [some("c"), some("d")]);
        assert_eq!(client.arlastitems_rev(LOG, 2).await?, [some("d"), None]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn elements_are_found() {
    let exchanges = &[
        ("ARSCAN log 0 9", "*2 *2 :0 $1 x *2 :3 $1 y", "*2 *2 :0 $1 x *2 :3 $1 y"),
        ("ARSCAN nothing 0 9", "*0", "*0"),
        (
            "ARSCAN log 0 18446744073709551614 LIMIT 1",
            "*1 *2 (18446744073709551614 $1 x",
            "*1 *2 $20 18446744073709551614 $1 x",
        ),
        ("ARSCAN flat 0 9", "*2 :0 $1 x", "*2 :0 $1 x"),
        ("ARGREP log - + GLOB x*", "*2 :0 :10", "*2 :0 :10"),
        ("ARGREP log 2 8 EXACT 7", "*0", "*0"),
        ("ARGREP log 0 9 MATCH a RE b$ AND LIMIT 5 WITHVALUES NOCASE", "*1 *2 :0 $2 ab", "*1 *2 :0 $2 ab"),
        ("ARGREP log - + EXACT a OR", "*1 :4", "*1 :4"),
        (
            "ARGREP log - + RE (",
            "-ERR invalid regular expression: Missing ')'",
            "-ERR invalid regular expression: Missing ')'",
        ),
    ];
    on_described(exchanges, async |client| {
        assert_eq!(client.arscan(LOG, 0, 9).await?, [(0, "x".to_owned()), (3, "y".to_owned())]);
        assert!(client.arscan::<String>("nothing", 0, 9).await?.is_empty());
        assert_eq!(client.arscan_limit(LOG, 0, HIGHEST, 1).await?, [(HIGHEST, "x".to_owned())]);
        assert_eq!(client.arscan::<String>("flat", 0, 9).await?, [(0, "x".to_owned())]);
        assert_eq!(client.argrep(LOG, .., Predicate::glob("x*")).await?, [0, 10]);
        assert!(client.argrep(LOG, 2..9, Predicate::exact(7)).await?.is_empty());
        let both = ArgrepOptions::all([Predicate::matching("a"), Predicate::re("b$")]).nocase().limit(5);
        assert_eq!(client.argrep_with(LOG, ..=9, both.withvalues::<String>()).await?, [(0, "ab".to_owned())]);
        assert_eq!(client.argrep_with(LOG, .., ArgrepOptions::any([Predicate::exact("a")])).await?, [4]);
        let invalid = client.argrep(LOG, .., Predicate::re("(")).await;
        assert!(matches!(&invalid, Err(Error::Server { at, .. }) if at.name == "ARGREP"), "{invalid:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_reply_of_an_operation_is_that_of_its_operator() {
    let exchanges = &[
        ("AROP log 0 9 SUM", "$4 -0.5", "$4 -0.5"),
        ("AROP log 0 9 MIN", "$1 1", "$1 1"),
        ("AROP nothing 0 9 MAX", "_", "$-1"),
        ("AROP log 0 9 AND", ":6", ":6"),
        ("AROP log 0 9 OR", ":-1", ":-1"),
        ("AROP nothing 0 9 XOR", "_", "$-1"),
        ("AROP log 0 9 MATCH a", ":2", ":2"),
        ("AROP nothing 0 9 USED", ":0", ":0"),
    ];
    on_described(exchanges, async |client| {
        assert_eq!(client.arop_sum(LOG, 0, 9).await?, Some(-0.5));
        assert_eq!((client.arop_min(LOG, 0, 9).await?, client.arop_max("nothing", 0, 9).await?), (Some(1.0), None));
        assert_eq!((client.arop_and(LOG, 0, 9).await?, client.arop_or(LOG, 0, 9).await?), (Some(6), Some(-1)));
        assert_eq!(client.arop_xor("nothing", 0, 9).await?, None);
        assert_eq!((client.arop_match(LOG, 0, 9, "a").await?, client.arop_used("nothing", 0, 9).await?), (2, 0));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_array_tells_its_facts() {
    let exchanges = &[
        (
            "ARINFO log",
            "%3 $5 count :3 $3 len (18446744073709551615 $3 new :1",
            "*4 $5 count :3 $3 len $20 18446744073709551615",
        ),
        (
            "ARINFO log FULL",
            "%4 $5 count :3 $10 slice-size :4096 $12 dense-slices :1 $14 avg-dense-fill ,0.75",
            "*8 $5 count :3 $10 slice-size :4096 $12 dense-slices :1 $14 avg-dense-fill $4 0.75",
        ),
        ("ARINFO nothing", "-ERR no such key", "-ERR no such key"),
    ];
    on_described(exchanges, async |client| {
        let info = client.arinfo(LOG).await?;
        assert_eq!((info.count, info.len, info.dense_slices), (3, u64::MAX, None));
        let info = client.arinfo_full(LOG).await?;
        assert_eq!((info.slice_size, info.dense_slices, info.avg_dense_fill), (4096, Some(1), Some(0.75)));
        let missing = client.arinfo("nothing").await;
        assert!(matches!(missing, Err(Error::Server { .. })), "{missing:?}");
        Ok(())
    })
    .await;
}
