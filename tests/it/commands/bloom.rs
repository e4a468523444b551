//! The commands of the module `bf`, each run against a real server with the module, where it is at hand.

use crate::support::rows::{assert_all_of_module_ran, with_module};
use bytes::Bytes;
use typedis::{
    Client, Error, Key, Result,
    commands::bloom::{
        BloomInfoField, BloomInsertOptions, CuckooInserted, CuckooInsertedNx, CuckooReserveOptions, Growth,
        MergeOptions, Rank,
    },
    hlist_pat,
    key::{BloomFilter, CountMinSketch, CuckooFilter, KeyType, TDigest, TopK},
    pipeline,
    prelude::*,
};
use typedis_testing::Module;

const SEEN: Key<BloomFilter<String>> = Key::new("seen");
const SOLD: Key<CountMinSketch<String>> = Key::new("sold");
const BEST: Key<TopK<String>> = Key::new("best");
const LATENCY: Key<TDigest> = Key::new("latency");

#[tokio::test]
async fn every_row_answers_as_declared() {
    with_module(Module::Bloom, async |server, client| {
        bloom_filters(client).await?;
        dumped_bloom_filters(client).await?;
        cuckoo_filters(client).await?;
        full_cuckoo_filters(client).await?;
        sketches(client).await?;
        top_k(client).await?;
        digests(client).await?;
        merged_digests(client).await?;
        types(client).await?;
        assert_all_of_module_ran(server, "bf").await;
        Ok(())
    })
    .await;
}

async fn bloom_filters(client: &Client) -> Result<()> {
    assert!(client.bf_add(SEEN, "a").await?);
    assert!(!client.bf_add(SEEN, "a").await?);
    assert_eq!(client.bf_madd(SEEN, ["a", "b"]).await?, [Ok(false), Ok(true)]);
    assert_eq!((client.bf_exists(SEEN, "b").await?, client.bf_exists("nothing", 5).await?), (true, false));
    assert_eq!(client.bf_mexists(SEEN, ["a", "zz"]).await?, [true, false]);
    assert_eq!((client.bf_card(SEEN).await?, client.bf_card("nothing").await?), (2, 0));
    let info = client.bf_info(SEEN).await?;
    assert_eq!((info.capacity, info.items, info.filters, info.expansion), (100, 2, 1, Some(2)));
    assert!(info.size > 0);
    assert_eq!(client.bf_info_field(SEEN, BloomInfoField::Items).await?, Some(2));
    assert_eq!(client.bf_info_field(SEEN, BloomInfoField::Expansion).await?, Some(2));

    // A full filter that does not grow: the results end with the error, and nothing is lost without a word.
    client.bf_reserve_with("full", 0.01, 2, Growth::Nonscaling).await?;
    let results = client.bf_madd("full", ["a", "b", "c", "d", "e"]).await?;
    assert_eq!(results.len(), 3);
    assert_eq!(results[..2], [Ok(true), Ok(true)]);
    assert!(results[2].as_ref().unwrap_err().to_string().contains("filter is full"), "{results:?}");
    assert!(matches!(client.bf_add("full", "f").await, Err(Error::Server { .. })));
    assert_eq!(client.bf_info("full").await?.expansion, None);
    assert_eq!(client.bf_info_field("full", BloomInfoField::Expansion).await?, None);
    // The error is the item's, so the transaction and its other commands succeed.
    let hlist_pat![results, count] = client.pipeline().bf_madd("full", ["x", "y"]).incr("n").execute().await?;
    assert_eq!((results.len(), results[0].is_err(), count), (1, true, 1));

    client.bf_reserve("made", 0.001, 50).await?;
    assert_eq!(client.bf_info("made").await?.capacity, 50);
    assert!(matches!(client.bf_reserve("made", 0.001, 50).await, Err(Error::Server { .. })));
    assert_eq!(client.bf_insert("inserted", ["a", "b", "a"]).await?, [Ok(true), Ok(true), Ok(false)]);
    assert_eq!(client.bf_insert_nocreate("inserted", ["a", "c"]).await?, [Ok(false), Ok(true)]);
    assert!(matches!(client.bf_insert_nocreate("nothing", ["a"]).await, Err(Error::Server { .. })));
    let options = BloomInsertOptions::new().capacity(1000).error(0.01).growth(Growth::Expansion(4));
    assert_eq!(client.bf_insert_with("by options", ["a"], options).await?, [Ok(true)]);
    let info = client.bf_info("by options").await?;
    assert_eq!((info.capacity, info.expansion), (1000, Some(4)));
    Ok(())
}

async fn dumped_bloom_filters(client: &Client) -> Result<()> {
    let mut iterator = 0;
    loop {
        let (next, data) = client.bf_scandump("inserted", iterator).await?;
        if next == 0 {
            break;
        }
        client.bf_loadchunk("restored", next, data).await?;
        iterator = next;
    }
    assert_eq!(client.bf_mexists("restored", ["a", "b", "c", "zz"]).await?, [true, true, true, false]);
    Ok(())
}

async fn cuckoo_filters(client: &Client) -> Result<()> {
    const IDS: Key<CuckooFilter<i64>> = Key::new("ids");
    assert!(client.cf_add(IDS, 7).await?);
    assert!(client.cf_add(IDS, 7).await?);
    assert_eq!((client.cf_addnx(IDS, 7).await?, client.cf_addnx(IDS, 8).await?), (false, true));
    assert_eq!((client.cf_count(IDS, 7).await?, client.cf_count("nothing", 7).await?), (2, 0));
    assert_eq!((client.cf_exists(IDS, 8).await?, client.cf_exists(IDS, 9).await?), (true, false));
    assert_eq!(client.cf_mexists(IDS, [7, 9]).await?, [true, false]);
    assert_eq!((client.cf_del(IDS, 8).await?, client.cf_del(IDS, 9).await?), (true, false));
    assert!(matches!(client.cf_del("nothing", 9).await, Err(Error::Server { .. })));
    let info = client.cf_info(IDS).await?;
    assert_eq!((info.items, info.deleted, info.bucket_size, info.max_iterations), (2, 1, 2, 20));

    client.cf_reserve("small", 100).await?;
    assert_eq!(client.cf_insert("inserted ids", [1, 1]).await?, [CuckooInserted::Added; 2]);
    assert_eq!(client.cf_insert_capacity("inserted ids 2", [1], 500).await?, [CuckooInserted::Added]);
    assert_eq!(client.cf_insert_nocreate("inserted ids", [2]).await?, [CuckooInserted::Added]);
    let nx = client.cf_insertnx("inserted ids", [1, 3]).await?;
    assert_eq!(nx, [CuckooInsertedNx::Exists, CuckooInsertedNx::Added]);
    assert_eq!(client.cf_insertnx_capacity("inserted ids 3", [1], 500).await?, [CuckooInsertedNx::Added]);
    assert_eq!(client.cf_insertnx_nocreate("inserted ids", [9]).await?, [CuckooInsertedNx::Added]);
    assert!(matches!(client.cf_insert_nocreate("nothing", [1]).await, Err(Error::Server { .. })));

    let mut iterator = 0;
    loop {
        let (next, data) = client.cf_scandump("inserted ids", iterator).await?;
        let (1.., Some(data)) = (next, data) else { break };
        client.cf_loadchunk("restored ids", next, data).await?;
        iterator = next;
    }
    assert_eq!(client.cf_mexists("restored ids", [1, 2, 3, 9, 1000]).await?, [true, true, true, true, false]);
    Ok(())
}

async fn full_cuckoo_filters(client: &Client) -> Result<()> {
    let tiny = CuckooReserveOptions::new().bucketsize(1).maxiterations(1).expansion(0);
    client.cf_reserve_with("tiny", 4, tiny).await?;
    let items: Vec<_> = (0..20).collect();
    let results = client.cf_insert("tiny", &items).await?;
    assert_eq!(results.len(), items.len());
    assert!(results.contains(&CuckooInserted::Added) && results.contains(&CuckooInserted::Full), "{results:?}");
    let results = client.cf_insertnx("tiny", &items).await?;
    assert!(results.contains(&CuckooInsertedNx::Full) && results.contains(&CuckooInsertedNx::Exists), "{results:?}");
    let full = items.iter().zip(&results).find(|(_, result)| **result == CuckooInsertedNx::Full).unwrap().0;
    assert!(matches!(client.cf_add("tiny", full).await, Err(Error::Server { .. })));
    Ok(())
}

async fn sketches(client: &Client) -> Result<()> {
    client.cms_initbydim(SOLD, 1000, 5).await?;
    assert_eq!(client.cms_incrby(SOLD, [("apples", 5), ("pears", 3)]).await?, [Ok(5), Ok(3)]);
    assert_eq!(client.cms_query(SOLD, ["apples", "pears", "plums"]).await?, [5, 3, 0]);
    let info = client.cms_info(SOLD).await?;
    assert_eq!((info.width, info.depth, info.count), (1000, 5, 8));
    let full = client.cms_incrby(SOLD, [("nuts", 9), ("apples", 1 << 33)]).await?;
    assert_eq!((full[0].as_ref().ok(), full[1].is_err()), (Some(&9), true), "a full counter is the item's error");

    client.cms_initbydim("merged", 1000, 5).await?;
    client.cms_initbydim("other", 1000, 5).await?;
    client.cms_incrby("other", ("pears", 2)).await?.remove(0).unwrap();
    client.cms_merge("merged", ["other"]).await?;
    assert_eq!(client.cms_query("merged", "pears").await?, [2]);
    client.cms_merge_weights("merged", ["other"], [10]).await?;
    assert_eq!(client.cms_query("merged", "pears").await?, [20]);
    let error = client.cms_merge_weights("merged", ["other"], [1, 2]).await.unwrap_err();
    assert!(matches!(error, Error::Argument { .. }), "{error}");
    client.cms_initbyprob("by probability", 0.01, 0.01).await?;
    assert_eq!(client.cms_info("by probability").await?.width, 200);
    Ok(())
}

async fn top_k(client: &Client) -> Result<()> {
    client.topk_reserve_with(BEST, 2, 50, 5, 0.9).await?;
    assert_eq!(client.topk_add(BEST, ["a", "b"]).await?, [None, None]);
    let dropped = client.topk_incrby(BEST, [("a", 5), ("c", 100)]).await?;
    assert_eq!(dropped, [None, Some("b".to_owned())]);
    assert_eq!(client.topk_query(BEST, ["a", "b"]).await?, [true, false]);
    assert_eq!(client.topk_list(BEST).await?, ["c", "a"]);
    assert_eq!(client.topk_list_withcount(BEST).await?, [("c".to_owned(), 100), ("a".to_owned(), 6)]);
    assert_eq!(client.topk_count(BEST, "a").await?, [6]);
    client.topk_incrby(BEST, ("a", 100_000)).await?;
    for beyond in [0, 100_001] {
        // The module would leave replies out, and take those of later commands in their place.
        let refused = client.topk_incrby(BEST, [("a", 1), ("b", beyond), ("c", 1)]).await.unwrap_err();
        assert!(matches!(refused, Error::Argument { .. }), "{refused:?}");
    }
    let info = client.topk_info(BEST).await?;
    assert_eq!((info.k, info.width, info.depth, info.decay), (2, 50, 5, 0.9));
    client.topk_reserve("by defaults", 3).await?;
    assert_eq!(client.topk_list::<String>("by defaults").await?, [""; 0]);
    Ok(())
}

async fn digests(client: &Client) -> Result<()> {
    client.tdigest_create(LATENCY).await?;
    assert_eq!((client.tdigest_min(LATENCY).await?, client.tdigest_max(LATENCY).await?), (None, None));
    assert_eq!(client.tdigest_quantile(LATENCY, [0.5, 0.9]).await?, [None, None]);
    assert_eq!(client.tdigest_rank(LATENCY, 1.0).await?, [Rank::Empty]);
    assert_eq!(client.tdigest_trimmed_mean(LATENCY, 0.1, 0.9).await?, None);

    client.tdigest_add(LATENCY, [1.0, 2.0, 3.0, 4.0]).await?;
    assert_eq!((client.tdigest_min(LATENCY).await?, client.tdigest_max(LATENCY).await?), (Some(1.0), Some(4.0)));
    assert_eq!(client.tdigest_quantile(LATENCY, vec![0.5, 0.9]).await?, [Some(3.0), Some(4.0)]);
    assert_eq!(client.tdigest_cdf(LATENCY, [2.5, f64::INFINITY]).await?, [Some(0.5), Some(1.0)]);
    let ranks = client.tdigest_rank(LATENCY, [0.0, 1.0, 9.0]).await?;
    assert_eq!(ranks, [Rank::Before, Rank::At(0), Rank::At(4)]);
    let ranks = client.tdigest_revrank(LATENCY, [9.0, 4.0, 0.0]).await?;
    assert_eq!(ranks, [Rank::Before, Rank::At(0), Rank::At(4)]);
    assert_eq!(client.tdigest_byrank(LATENCY, [0, 3, 4]).await?, [Some(1.0), Some(4.0), Some(f64::INFINITY)]);
    assert_eq!(client.tdigest_byrevrank(LATENCY, [0, 100]).await?, [Some(4.0), Some(f64::NEG_INFINITY)]);
    assert_eq!(client.tdigest_trimmed_mean(LATENCY, 0.1, 0.9).await?, Some(2.5));
    let info = client.tdigest_info(LATENCY).await?;
    assert_eq!((info.compression, info.observations, info.merged_weight), (100, 4, 4.0));
    Ok(())
}

async fn merged_digests(client: &Client) -> Result<()> {
    client.tdigest_create_compression("others", 200).await?;
    client.tdigest_add("others", 10.0).await?;
    client.tdigest_merge("all", (LATENCY, "others")).await?;
    assert_eq!(client.tdigest_max("all").await?, Some(10.0));
    client.tdigest_merge_with("all", LATENCY, MergeOptions::new().overwrite().compression(50)).await?;
    assert_eq!(client.tdigest_max("all").await?, Some(4.0));
    assert_eq!(client.tdigest_info("all").await?.compression, 50);
    client.tdigest_reset("all").await?;
    assert_eq!(client.tdigest_min("all").await?, None);
    Ok(())
}

async fn types(client: &Client) -> Result<()> {
    let (seen, ids, sold, best, latency) = pipeline! { client =>
        type_of(SEEN);
        type_of("ids");
        type_of(SOLD);
        type_of(BEST);
        type_of(LATENCY);
    }?;
    let expected =
        [KeyType::BloomFilter, KeyType::CuckooFilter, KeyType::CountMinSketch, KeyType::TopK, KeyType::TDigest];
    assert_eq!([seen, ids, sold, best, latency], expected.map(Some));
    Ok(())
}

/// The module may commit what it understood of a command, so that nothing of what it would refuse is sent.
#[tokio::test]
async fn what_the_module_would_refuse_is_not_sent() {
    with_module(Module::Bloom, async |_, client| {
        let none: [&str; 0] = [];
        let refused = [
            client.bf_madd("b", none).await.map(drop),
            client.bf_insert("b", ()).await.map(drop),
            client.bf_reserve("b", 0.0, 5).await,
            client.bf_reserve("b", f64::NAN, 5).await,
            client.bf_reserve("b", 0.5, 0).await,
            client.bf_reserve_with("b", 0.5, 5, Growth::Expansion(0)).await,
            client.bf_insert_with("b", "a", BloomInsertOptions::new().error(1.0)).await.map(drop),
            client.cf_reserve("c", 1).await,
            client.cf_reserve_with("c", 7, CuckooReserveOptions::new().bucketsize(4)).await,
            client.cf_reserve_with("c", 7, CuckooReserveOptions::new().bucketsize(0)).await,
            client.cf_reserve_with("c", 7, CuckooReserveOptions::new().expansion(32_769)).await,
            client.cms_initbydim("s", 0, 5).await,
            client.cms_initbyprob("s", 0.1, 1.0).await,
            client.cms_query("s", none).await.map(drop),
            client.topk_reserve("t", 0).await,
            client.topk_reserve_with("t", 1, 8, 7, 1.5).await,
            client.tdigest_add("d", f64::INFINITY).await,
            client.tdigest_add("d", Vec::<f64>::new()).await,
            client.tdigest_quantile("d", 1.5).await.map(drop),
            client.tdigest_rank("d", f64::NAN).await.map(drop),
            client.tdigest_byrank("d", u64::MAX).await.map(drop),
            client.tdigest_trimmed_mean("d", 0.9, 0.1).await.map(drop),
            client.tdigest_create_compression("d", 0).await,
        ];
        for (at, result) in refused.into_iter().enumerate() {
            assert!(matches!(result, Err(Error::Argument { .. })), "{at}: {result:?}");
        }
        assert_eq!(client.dbsize().await?, 0);
        Ok(())
    })
    .await;
}

/// A key of another type counts as an empty filter in some reads, which a typed key keeps out.
#[tokio::test]
async fn a_key_of_another_type_is_an_empty_filter_in_some_reads() {
    with_module(Module::Bloom, async |_, client| {
        client.set("text", Bytes::from_static(b"x")).await?;
        assert!(!client.bf_exists("text", "x").await?);
        assert_eq!(client.bf_mexists("text", ["x"]).await?, [false]);
        assert_eq!((client.cf_exists("text", "x").await?, client.cf_count("text", "x").await?), (false, 0));
        assert!(matches!(client.bf_add("text", "x").await, Err(Error::Server { .. })));
        Ok(())
    })
    .await;
}
