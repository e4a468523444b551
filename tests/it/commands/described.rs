//! The rows that no server at hand has, on a peer that replies what their vendor describes.

use crate::support::described::on_described;
use typedis::{
    Error, Key,
    commands::{
        Digest, Incremented, MemberExpireTime, MemberExpiry, MemberPersisted, MemberPexpireTime, MemberPttl, MemberTtl,
    },
    key::{List, Set, SortedSet, Str},
    options::{
        CombineOptions, DelexOptions, ExpireOptions, IncrexOptions, LmovemOptions, MoveOrder, SetOptions, Side,
        SunioncardOptions,
    },
    prelude::*,
};

const NAME: Key<Str<String>> = Key::new("name");
const HITS: Key<Str<i64>> = Key::new("hits");
const SHARE: Key<Str<f64>> = Key::new("share");

#[tokio::test]
async fn strings_are_compared_and_removed() {
    let exchanges = &[
        ("DELEX name", ":1", ":1"),
        ("DELEX name IFEQ ann", ":1", ":1"),
        ("DELEX hits IFNE 7", ":0", ":0"),
        ("DELEX name IFDEQ f34099ede96b5581", ":1", ":1"),
        (
            "DELEX list IFDNE 00000000000000ff",
            "-ERR Key should be of string type if conditions are specified",
            "-ERR no string",
        ),
        ("DIGEST name", "$16 f34099ede96b5581", "$16 f34099ede96b5581"),
        ("DIGEST nothing", "_", "$-1"),
        ("DIGEST odd", "$16 +34099ede96b5581", "$3 abc"),
    ];
    on_described(exchanges, async |client| {
        assert!(client.delex(NAME).await?);
        assert!(client.delex_with(NAME, DelexOptions::ifeq("ann")).await?);
        assert!(!client.delex_with(HITS, DelexOptions::ifne(7)).await?);
        let digest = Digest(0xf340_99ed_e96b_5581);
        assert!(client.delex_with(NAME, DelexOptions::ifdeq(digest)).await?);
        let wrong_kind = client.delex_with("list", DelexOptions::ifdne(Digest(255))).await;
        assert!(matches!(&wrong_kind, Err(Error::Server { at, .. }) if at.name == "DELEX"), "{wrong_kind:?}");
        assert_eq!(client.digest(NAME).await?, Some(digest));
        assert_eq!(client.digest("nothing").await?, None);
        let odd = client.digest("odd").await;
        assert!(matches!(&odd, Err(Error::Reply { at, .. }) if at.name == "DIGEST"), "{odd:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn set_compares_by_inequality_and_by_digest() {
    let exchanges = &[
        ("SET name bob IFNE ann", "+OK", "+OK"),
        ("SET name bob IFNE bob", "_", "$-1"),
        ("SET hits 8 IFNE 7 GET", "$1 9", "$1 9"),
        ("SET name bob IFDEQ 0000000000000001 KEEPTTL", "+OK", "+OK"),
        ("SET name bob IFDNE 0000000000000001 GET EX 5", "_", "$-1"),
    ];
    on_described(exchanges, async |client| {
        let options = SetOptions::new();
        assert!(client.set_with(NAME, "bob", options.ifne("ann")).await?);
        assert!(!client.set_with(NAME, "bob", options.ifne("bob")).await?);
        assert_eq!(client.set_with(HITS, 8, options.ifne(7).get::<i64>()).await?, Some(9));
        assert!(client.set_with(NAME, "bob", options.ifdeq(Digest(1)).keepttl()).await?);
        let old = client.set_with(NAME, "bob", options.ifdne(Digest(1)).ex(5).get::<String>()).await?;
        assert_eq!(old, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn increx_counts_within_bounds() {
    let exchanges = &[
        ("INCREX hits", "*2 :6 :1", "*2 :6 :1"),
        ("INCREX hits BYINT 5 UBOUND 7", "*2 :6 :0", "*2 :6 :0"),
        ("INCREX hits BYINT 5 LBOUND -7 UBOUND 7 SATURATE EX 60 ENX", "*2 :7 :1", "*2 :7 :1"),
        ("INCREX share BYFLOAT 0.1 PERSIST", "*2 ,1.1 ,0.1", "*2 $3 1.1 $3 0.1"),
    ];
    on_described(exchanges, async |client| {
        assert_eq!(client.increx(HITS).await?, Incremented { value: 6, applied: 1 });
        let by_five = IncrexOptions::byint(5).ubound(7);
        assert_eq!(client.increx_with(HITS, by_five).await?, Incremented { value: 6, applied: 0 });
        let saturated = client.increx_with(HITS, by_five.lbound(-7).saturate().ex(60).enx()).await?;
        assert_eq!(saturated, Incremented { value: 7, applied: 1 });
        let by_tenth = IncrexOptions::byfloat(0.1).persist();
        assert_eq!(client.increx_with(SHARE, by_tenth).await?, Incremented { value: 1.1, applied: 0.1 });

        let crossed = client.increx_with(HITS, by_five.lbound(8)).await;
        assert!(matches!(&crossed, Err(Error::Argument { at, .. }) if at.name == "INCREX"), "{crossed:?}");
        Ok(())
    })
    .await;
}

const JOBS: Key<List<u32>> = Key::new("jobs");
const DONE: Key<List<u32>> = Key::new("done");

#[tokio::test]
async fn several_elements_move_between_lists() {
    let exchanges = &[
        ("LMOVEM jobs done LEFT RIGHT", "*1 $1 1", "*1 $1 1"),
        ("LMOVEM nothing done LEFT RIGHT", "*0", "*0"),
        ("LMOVEM jobs done RIGHT LEFT COUNT 5 OBO", "*2 $1 2 $1 3", "*2 $1 2 $1 3"),
        ("LMOVEM jobs done LEFT LEFT EXACTLY 3 BULK", "_", "*-1"),
        ("LMOVEM nothing done RIGHT LEFT COUNT 5 OBO", "*0", "*0"),
        ("BLMOVEM jobs done LEFT RIGHT 0.1", "_", "*-1"),
        ("BLMOVEM jobs done LEFT RIGHT 0.1 EXACTLY 1 BULK", "*1 $1 7", "*1 $1 7"),
    ];
    on_described(exchanges, async |client| {
        let (left, right) = (Side::Left, Side::Right);
        assert_eq!(client.lmovem(JOBS, DONE, left, right).await?, [1]);
        assert_eq!(client.lmovem::<String>("nothing", DONE.name(), left, right).await?, [""; 0]);
        let five = LmovemOptions::count(5, MoveOrder::OneByOne);
        assert_eq!(client.lmovem_with(JOBS, DONE, right, left, five).await?, [2, 3]);
        assert_eq!(client.lmovem_with::<String, _>("nothing", DONE.name(), right, left, five).await?, [""; 0]);
        let three = LmovemOptions::exactly(3, MoveOrder::Bulk);
        assert_eq!(client.lmovem_with(JOBS, DONE, left, left, three).await?, None);
        assert_eq!(client.blmovem(JOBS, DONE, left, right, 0.1).await?, None);
        let one = LmovemOptions::exactly(1, MoveOrder::Bulk);
        assert_eq!(client.blmovem_with(JOBS, DONE, left, right, 0.1, one).await?, Some(vec![7]));
        Ok(())
    })
    .await;
}

const TAGS: Key<Set<String>> = Key::new("tags");

#[tokio::test]
async fn members_of_several_sets_are_counted() {
    let exchanges = &[
        ("SUNIONCARD 2 tags more", ":5", ":5"),
        ("SUNIONCARD 2 tags more APPROX LIMIT 3", ":3", ":3"),
        ("SDIFFCARD 2 tags more", ":2", ":2"),
        ("SDIFFCARD 1 tags LIMIT 1", ":1", ":1"),
        ("ZUNION 2 a b AGGREGATE COUNT WITHSCORES", "*2 *2 $1 x ,2 *2 $1 y ,1", "*4 $1 x $1 2 $1 y $1 1"),
        ("ZINTERSTORE c 2 a b WEIGHTS 2 1 AGGREGATE COUNT", ":1", ":1"),
    ];
    on_described(exchanges, async |client| {
        assert_eq!(client.sunioncard(["tags", "more"]).await?, 5);
        assert_eq!(client.sunioncard_with(["tags", "more"], SunioncardOptions::new().limit(3).approx()).await?, 3);
        assert_eq!(client.sdiffcard(["tags", "more"]).await?, 2);
        assert_eq!(client.sdiffcard_limit(TAGS, 1).await?, 1);
        let (a, b, c): (Key<SortedSet<String>>, Key<SortedSet<String>>, Key<SortedSet<String>>) =
            (Key::new("a"), Key::new("b"), Key::new("c"));
        let counted = CombineOptions::new().aggregate_count();
        let members = client.zunion_with([&a, &b], counted.clone().withscores()).await?;
        assert_eq!(members, [("x".to_owned(), 2.0), ("y".to_owned(), 1.0)]);
        assert_eq!(client.zinterstore_with(&c, [&a, &b], counted.weights([2, 1])).await?, 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn members_of_a_set_expire() {
    let exchanges = &[
        ("SEXPIRE tags 60 MEMBERS 4 a b c d", "*4 :-2 :0 :1 :2", "*4 :-2 :0 :1 :2"),
        ("SEXPIRE nothing 60 MEMBERS 1 a", "*0", "*0"),
        ("SPEXPIRE tags 60000 GT MEMBERS 1 a", "*1 :0", "*1 :0"),
        ("SEXPIRE tags 60 NX MEMBERS 1 a", "*1 :1", "*1 :1"),
        ("SPEXPIRE tags 60000 MEMBERS 1 a", "*1 :1", "*1 :1"),
        ("SEXPIREAT tags 4102444800 MEMBERS 1 a", "*1 :1", "*1 :1"),
        ("SEXPIREAT tags 4102444800 XX MEMBERS 1 a", "*1 :1", "*1 :1"),
        ("SPEXPIREAT tags 1 MEMBERS 1 a", "*1 :2", "*1 :2"),
        ("SPEXPIREAT tags 1 LT MEMBERS 1 a", "*1 :2", "*1 :2"),
        ("STTL tags MEMBERS 3 a b c", "*3 :-2 :-1 :9", "*3 :-2 :-1 :9"),
        ("SPTTL tags MEMBERS 1 a", "*1 :9", "*1 :9"),
        ("SEXPIRETIME tags MEMBERS 1 a", "*1 :9", "*1 :9"),
        ("SPEXPIRETIME tags MEMBERS 1 a", "*1 :9", "*1 :9"),
        ("SPERSIST tags MEMBERS 3 a b c", "*3 :-2 :-1 :1", "*3 :-2 :-1 :1"),
    ];
    on_described(exchanges, async |client| {
        use MemberExpiry::{ConditionNotMet, Deleted, NoMember, Set};
        let conditions = ExpireOptions::new();
        let all = client.sexpire(TAGS, 60, ["a", "b", "c", "d"]).await?;
        assert_eq!(all, [NoMember, ConditionNotMet, Set, Deleted]);
        assert_eq!(client.sexpire("nothing", 60, "a").await?, []);
        assert_eq!(client.spexpire_with(TAGS, 60_000, "a", conditions.gt()).await?, [ConditionNotMet]);
        assert_eq!(client.sexpire_with(TAGS, 60, "a", conditions.nx()).await?, [Set]);
        assert_eq!(client.spexpire(TAGS, 60_000, "a").await?, [Set]);
        assert_eq!(client.sexpireat(TAGS, 4_102_444_800, "a").await?, [Set]);
        assert_eq!(client.sexpireat_with(TAGS, 4_102_444_800, "a", conditions.xx()).await?, [Set]);
        assert_eq!(client.spexpireat(TAGS, 1, "a").await?, [Deleted]);
        assert_eq!(client.spexpireat_with(TAGS, 1, "a", conditions.lt()).await?, [Deleted]);
        let times = client.sttl(TAGS, ["a", "b", "c"]).await?;
        assert_eq!(times, [MemberTtl::NoMember, MemberTtl::NoExpiry, MemberTtl::Seconds(9)]);
        assert_eq!(client.spttl(TAGS, "a").await?, [MemberPttl::Milliseconds(9)]);
        assert_eq!(client.sexpiretime(TAGS, "a").await?, [MemberExpireTime::UnixSeconds(9)]);
        assert_eq!(client.spexpiretime(TAGS, "a").await?, [MemberPexpireTime::UnixMilliseconds(9)]);
        let kept = client.spersist(TAGS, ["a", "b", "c"]).await?;
        assert_eq!(kept, [MemberPersisted::NoMember, MemberPersisted::NoExpiry, MemberPersisted::Removed]);
        let none = client.sttl(TAGS, Vec::<String>::new()).await;
        assert!(matches!(&none, Err(Error::Argument { at, .. }) if at.name == "STTL"), "{none:?}");
        Ok(())
    })
    .await;
}
