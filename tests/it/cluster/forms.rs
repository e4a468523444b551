//! Every form of a request on a cluster: prepared batches, scripts, blocking commands, loops, rows of the user's own.

use super::three_primaries;
use std::time::Duration;
use typedis::{
    ClusterClient, Error, Outcome, Prepared, Retry, Script, command::Route, hlist_pat, key::need::AnyKind, pipeline,
    prelude::*,
};

typedis::commands! {
    /// A command of the user's own.
    pub trait OwnCommands in own;

    /// Returns the bytes of a key.
    fn bytes_of(key @ AnyKind) -> Nullable<Integer> as Option<u64>
        = "MEMORY USAGE" (&key, "SAMPLES", 0) as BytesOf {
            since: redis "4.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };
}

/// Tags whose slots are on different nodes.
const TAGS: [&str; 4] = ["a", "b", "c", "d"];

#[tokio::test]
async fn a_prepared_batch_keeps_its_slots() {
    let (_set, client) = three_primaries().await;
    for tag in TAGS {
        let (hits, name) = (format!("{{{tag}}}:hits"), format!("{{{tag}}}:name"));
        let batch: Prepared<(i64, Option<String>)> = pipeline! { incr(&hits); get::<String>(&name) };
        for round in 1..=3 {
            assert_eq!(batch.execute(&client).await.unwrap(), (round, None));
        }
        let (visits, _) = batch.execute(client.pipeline().without_transaction()).await.unwrap();
        assert_eq!(visits, 4);
        let watching = client.pipeline().watch(&hits).await.unwrap();
        assert!(matches!(batch.execute(watching).await.unwrap(), Outcome::Committed((5, None))));
    }
    let keys = ["a".to_owned(), "b".to_owned()];
    let crossed = pipeline! { incr(&keys[0]); incr(&keys[1]) };
    let error = crossed.execute(&client).await.unwrap_err();
    assert!(matches!(&error, Error::CrossSlot { at, .. } if at.number == 2), "{error:?}");
    assert_eq!(crossed.execute(client.pipeline().without_transaction()).await.unwrap(), (1, 1));
}

#[tokio::test]
async fn scripts_are_loaded_where_they_run() {
    let (_set, client) = three_primaries().await;
    let add = Script::new("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    for tag in TAGS {
        assert_eq!(client.script::<i64>(&add, tag, 2).await.unwrap(), 2);
        let hlist_pat![(), sum] =
            client.pipeline().set(format!("{{{tag}}}x"), 1).script::<i64>(&add, tag, 3).execute().await.unwrap();
        assert_eq!(sum, 5);
    }
    let queue = client.pipeline().without_transaction();
    let hlist_pat![sums] = queue.each(TAGS, |p, tag| p.script::<i64>(&add, tag, 1)).execute().await.unwrap();
    assert_eq!(sums, [6, 6, 6, 6]);
    let error = client.script::<i64>(&add, ["a", "b"], 1).await.unwrap_err();
    assert!(matches!(error, Error::CrossSlot { .. }), "{error:?}");
}

#[tokio::test]
async fn a_blocking_command_waits_at_the_node_of_its_key() {
    let (_set, client) = three_primaries().await;
    for tag in TAGS {
        let waits = client.clone();
        let popped = tokio::spawn(async move { waits.blpop::<String>(tag, 10.0).await });
        while client.metrics().pool_in_use == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        client.rpush(tag, "item").await.unwrap();
        let popped = popped.await.unwrap().unwrap();
        assert_eq!(popped.map(|(_, item)| item).as_deref(), Some("item"));
    }
}

#[tokio::test]
async fn loops_branches_and_rows_of_the_users_own_are_routed() {
    let (_set, client) = three_primaries().await;
    for tag in TAGS {
        let key = format!("{{{tag}}}:1");
        let hlist_pat![sets, skipped, bytes] = client
            .pipeline()
            .each(1..=3, |p, n| p.set(format!("{{{tag}}}:{n}"), n))
            .when(false, |p| p.del(&key))
            .bytes_of(&key)
            .execute()
            .await
            .unwrap();
        assert_eq!((sets.len(), skipped), (3, None));
        assert!(bytes.is_some());
        assert!(client.bytes_of(&key).await.unwrap().is_some());
    }
    assert_eq!(OWN_COMMANDS[0].route, Route::Keys);
}

#[tokio::test]
async fn each_reply_has_its_own_result() {
    let (_set, client) = three_primaries().await;
    client.set("a", "text").await.unwrap();
    let queue = client.pipeline().without_transaction();
    let hlist_pat![a, b, c] = queue.incr("a").incr("b").incr("c").execute_each().await.unwrap();
    assert!(matches!(a, Err(Error::Server { .. })), "{a:?}");
    assert_eq!((b.unwrap(), c.unwrap()), (1, 1));
}

#[tokio::test]
async fn reads_are_retried_and_transactions_too() {
    let (_set, client) = three_primaries().await;
    let retry = Retry::new().attempts(3);
    let hlist_pat![a, b] = client
        .pipeline()
        .without_transaction()
        .retry_reads(retry)
        .get::<i64>("a")
        .get::<i64>("b")
        .execute()
        .await
        .unwrap();
    assert_eq!((a, b), (None, None));
    let tasks = (0..8).map(|_| {
        let client: ClusterClient = client.clone();
        tokio::spawn(async move {
            for _ in 0..10 {
                client
                    .transaction(["{t}:from", "{t}:to"], async |mut tx| {
                        let from = tx.get::<i64>("{t}:from").await?.unwrap_or(0);
                        let to = tx.get::<i64>("{t}:to").await?.unwrap_or(0);
                        Ok(tx.multi().set("{t}:from", from - 1).set("{t}:to", to + 1))
                    })
                    .await
                    .unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(client.mget::<i64>(["{t}:from", "{t}:to"]).await.unwrap(), [Some(-80), Some(80)]);
}

#[tokio::test]
async fn a_closed_client_has_no_connection_left() {
    let (set, client) = three_primaries().await;
    for tag in TAGS {
        client.set(tag, 1).await.unwrap();
        drop(client.pipeline().watch(tag).await.unwrap());
    }
    client.close().await;
    assert!(matches!(client.get::<i64>("a").await, Err(Error::Closed)));
    for node in set.nodes() {
        let mut raw = node.raw().await;
        let clients = raw.command(["CLIENT", "LIST", "TYPE", "normal"]).await.text().lines().count();
        assert_eq!(clients, 1, "only the connection that asks");
    }
}
