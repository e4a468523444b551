//! Commands, pipelines and transactions on the nodes of their keys.

use super::three_primaries;
use crate::support::rows::supports;
use typedis::{
    Error, Outcome, command::Command, commands::types::Msetex, hlist_pat, options::MsetexOptions, pipeline, prelude::*,
};

#[tokio::test]
async fn each_command_goes_to_the_node_of_its_key() {
    let (_set, client) = three_primaries().await;
    for number in 0..50 {
        client.set(format!("key:{number}"), number).await.unwrap();
    }
    for number in 0..50 {
        assert_eq!(client.get::<i64>(format!("key:{number}")).await.unwrap(), Some(number));
    }
    assert_eq!(client.dbsize().await.unwrap(), 50);
    let mut keys = client.keys::<Vec<String>>("key:*").await.unwrap();
    keys.sort_unstable();
    assert_eq!((keys.len(), &*keys[0]), (50, "key:0"));
    client.flushall().await.unwrap();
    assert_eq!(client.dbsize().await.unwrap(), 0);
}

#[tokio::test]
async fn a_random_key_is_one_of_any_node() {
    let (_set, client) = three_primaries().await;
    assert_eq!(client.randomkey::<String>().await.unwrap(), None);
    // On three nodes.
    let mut missing = vec!["a", "b", "c"];
    for key in &missing {
        client.set(*key, 1).await.unwrap();
    }
    while !missing.is_empty() {
        let key = client.randomkey::<String>().await.unwrap().unwrap();
        missing.retain(|missing| *missing != key);
    }
}

#[tokio::test]
async fn a_transaction_is_one_on_the_node_of_its_slot() {
    let (_set, client) = three_primaries().await;
    for tag in ["a", "b", "c", "d"] {
        let (first, second) = (format!("{{{tag}}}:1"), format!("{{{tag}}}:2"));
        let hlist_pat![(), hits, text] =
            client.pipeline().set(&first, "x").incr(&second).get::<String>(&first).execute().await.unwrap();
        assert_eq!((hits, text.as_deref()), (1, Some("x")));
    }
    let error = client.pipeline().set("a", 1).set("b", 2).execute().await.unwrap_err();
    match &error {
        Error::CrossSlot { at, first, first_slot, second, second_slot } => {
            assert_eq!((at.number, &**first, *first_slot, &**second, *second_slot), (2, "a", 15495, "b", 3300));
        }
        other => panic!("{other:?}"),
    }
    assert!(!error.may_have_run());
    assert_eq!(client.dbsize().await.unwrap(), 8);
}

#[tokio::test]
async fn a_pipeline_without_a_transaction_is_answered_in_the_order_of_its_commands() {
    let (_set, client) = three_primaries().await;
    let queue = client.pipeline().without_transaction();
    let hlist_pat![sets] = queue.each(0..100, |p, n| p.set(format!("key:{n}"), n)).execute().await.unwrap();
    assert_eq!(sets.len(), 100);
    let queue = client.pipeline().without_transaction();
    let hlist_pat![values, size] =
        queue.each(0..100, |p, n| p.get::<i64>(format!("key:{n}"))).dbsize().execute().await.unwrap();
    assert_eq!(values, (0..100).map(Some).collect::<Vec<_>>());
    assert_eq!(size, 100);
}

#[tokio::test]
async fn reads_of_many_keys_are_split_and_merged_in_their_order() {
    let (_set, client) = three_primaries().await;
    let keys: Vec<String> = (0..40).map(|n| format!("key:{n}")).collect();
    for (number, key) in keys.iter().enumerate().filter(|(number, _)| number % 3 > 0) {
        client.set(key, number).await.unwrap();
    }
    let values = client.mget::<i64>(&*keys).await.unwrap();
    let expected: Vec<_> = (0..40).map(|number| (number % 3 > 0).then_some(number)).collect();
    assert_eq!(values, expected);
    assert_eq!(client.exists(&*keys).await.unwrap(), 26);
    let error = client.del(&*keys).await.unwrap_err();
    assert!(matches!(error, Error::CrossSlot { .. }), "{error:?}");
    client.split().mset([("a", 1), ("b", 2), ("c", 3)]).await.unwrap();
    assert_eq!(client.split().del(["a", "b", "c", "none"]).await.unwrap(), 3);
    assert_eq!(client.split().del(&*keys).await.unwrap(), 26);
}

#[tokio::test]
async fn a_watch_guards_its_slot() {
    let (_set, client) = three_primaries().await;
    let watching = client.pipeline().watch("sequence").await.unwrap();
    client.set("sequence", 7).await.unwrap();
    let outcome = watching.multi().set("sequence", 1).execute().await.unwrap();
    assert!(matches!(outcome, Outcome::Conflict));

    let mut watching = client.pipeline().watch("sequence").await.unwrap();
    assert_eq!(watching.get::<i64>("sequence").await.unwrap(), Some(7));
    let error = watching.get::<i64>("other").await.unwrap_err();
    assert!(matches!(&error, Error::CrossSlot { first, .. } if &**first == "sequence"), "{error:?}");
    let outcome = watching.multi().incr("sequence").execute().await.unwrap();
    assert!(matches!(outcome, Outcome::Committed(hlist_pat![8])), "{outcome:?}");

    let watching = client.pipeline().watch("sequence").await.unwrap();
    let outcome = watching.multi().echo::<String>("x").execute().await.unwrap();
    assert!(matches!(outcome, Outcome::Committed(_)), "{outcome:?}");

    let (hits,) = pipeline! { client =>
        watch("sequence");
        let now = get::<i64>("sequence").await.unwrap().unwrap_or(0);
        multi();
        incrby("sequence", now);
    }
    .unwrap();
    assert_eq!(hits, 16);
    let hlist_pat![()] = client
        .transaction("sequence", async |mut tx| {
            let now = tx.get::<i64>("sequence").await?.unwrap_or(0);
            Ok(tx.multi().set("sequence", now + 1))
        })
        .await
        .unwrap();
    assert_eq!(client.get::<i64>("sequence").await.unwrap(), Some(17));
}

#[tokio::test]
async fn msetex_is_of_one_slot_or_refused_before_it_is_sent() {
    let (set, client) = three_primaries().await;
    let options = MsetexOptions::new().nx().ex(100);
    let error = client.msetex_with([("a", 1), ("b", 2)], options).await.unwrap_err();
    assert!(matches!(&error, Error::CrossSlot { at, .. } if at.name == "MSETEX"), "{error:?}");
    assert!(!error.may_have_run());
    let error = client.pipeline().without_transaction().msetex([("a", 1), ("b", 2)]).execute().await.unwrap_err();
    assert!(matches!(&error, Error::CrossSlot { at, .. } if at.name == "MSETEX"), "{error:?}");
    assert_eq!(client.dbsize().await.unwrap(), 0);
    if supports(set.node(0), Msetex::INFO.since) {
        for tag in ["a", "b", "c", "d"] {
            let (first, second) = (format!("{{{tag}}}:1"), format!("{{{tag}}}:2"));
            assert!(client.msetex_with([(&first, 1), (&second, 2)], options).await.unwrap());
            assert_eq!(client.mget::<i64>([&first, &second]).await.unwrap(), [Some(1), Some(2)]);
        }
    }
}
