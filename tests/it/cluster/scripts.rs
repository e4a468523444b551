//! Scripts that nodes refuse to load: for good, because they do not compile, and for now.

use super::three_primaries;
use crate::support::{calls, rows::has};
use std::time::Duration;
use typedis::{
    ClusterClient, Config, Error, Outcome, Script, Value,
    commands::scripting::{Function, Library},
    hlist_pat,
    prelude::*,
};
use typedis_testing::{ClusterSet, FakeCluster, reply};

#[track_caller]
fn is_compile_error(error: &Error) {
    let Error::Server { at, error: server } = error else { panic!("another error: {error:?}") };
    assert!(at.name == "SCRIPT LOAD" && server.message().contains("compiling"), "{error}");
    assert!(!error.may_have_run(), "{error:?}");
}

#[tokio::test]
async fn a_script_that_does_not_compile_stops_the_pipeline_on_all_nodes() {
    let (set, client) = three_primaries().await;
    let (broken, add) = (Script::<i64>::new("return ("), Script::<i64>::new("return redis.call('INCRBY', KEYS[1], 2)"));
    let [a, b, c] = [set.key_on(0, "k").await, set.key_on(1, "k").await, set.key_on(2, "k").await];
    let queue = || client.pipeline().without_transaction().incr(&a).script(&broken, &b, ()).incr(&c);
    is_compile_error(&queue().execute().await.unwrap_err());
    is_compile_error(&queue().execute_each().await.unwrap_err());
    let queue = client.pipeline().without_transaction().script(&add, &a, ()).script(&broken, &b, ()).incr(&c);
    is_compile_error(&queue.execute().await.unwrap_err());
    for key in [&a, &b, &c] {
        assert_eq!(client.get::<i64>(key).await.unwrap(), None, "nothing was sent");
    }
    let queue = client.pipeline().without_transaction().script(&add, &a, ()).incr(&b).script(&add, &c, ());
    let hlist_pat![two, one, also_two] = queue.execute().await.unwrap();
    assert_eq!((two, one, also_two), (2, 1, 2));
}

#[tokio::test]
async fn a_script_that_does_not_compile_is_told_by_the_first_replica() {
    let set = ClusterSet::builder().replicas(1).start().await;
    if set.node(0).redis_version() < (7, 0, 0) {
        return println!("skipped: {} has no EVALSHA_RO", set.node(0).description());
    }
    let client = ClusterClient::connect(&set.url()).await.unwrap();
    let (broken, [a, b]) =
        (Script::<i64>::new("return (").read_only(), [set.key_on(0, "k").await, set.key_on(1, "k").await]);
    let queue = client.replicas().pipeline().without_transaction();
    let error = queue.get::<i64>(&a).script_ro(&broken, &b, ()).execute().await.unwrap_err();
    is_compile_error(&error);
    is_compile_error(&client.replicas().script_ro(&broken, &b, ()).await.unwrap_err());
}

/// Two nodes and a replica of each, which refuse to load a script a few times, and a client of them.
async fn loading() -> (FakeCluster, ClusterClient) {
    let cluster = FakeCluster::with_replicas(2, 1, |call| {
        let refuses = call.name() == "SCRIPT" && (0..2).any(|time| call.once(&format!("{time} at {}", call.node())));
        refuses.then(|| reply::error("LOADING Redis is loading the dataset in memory"))
    })
    .await;
    let config = Config::from_url(&cluster.url_of(0)).unwrap().response_timeout(Duration::from_secs(20));
    let client = ClusterClient::open(config).await.unwrap();
    (cluster, client)
}

#[tokio::test]
async fn a_script_that_a_node_refuses_to_load_for_now_is_loaded_later() {
    const TEXT: &str = "return redis.call('GET', KEYS[1])";
    let (script, reads) = (Script::<Value>::new(TEXT), Script::<Value>::new(TEXT).read_only());
    let runs = |cluster: &FakeCluster| [0, 1, 2, 3].map(|node| cluster.count(node, "EVALSHA"));
    let (cluster, client) = loading().await;
    let [a, b] = [cluster.key_on(0, "k"), cluster.key_on(1, "k")];
    client.script::<Value>(&script, &a, ()).await.unwrap();
    assert_eq!(runs(&cluster), [1, 0, 0, 0]);

    let (cluster, client) = loading().await;
    client.pipeline().incr(&a).script::<Value>(&script, &a, ()).execute().await.unwrap();
    assert_eq!((runs(&cluster), cluster.count(0, "INCR")), ([1, 0, 0, 0], 1));

    let (cluster, client) = loading().await;
    let queue = client.pipeline().without_transaction();
    let hlist_pat![_, hits, _] =
        queue.script::<Value>(&script, &a, ()).incr(&a).script::<Value>(&script, &b, ()).execute().await.unwrap();
    assert_eq!((hits, runs(&cluster), cluster.count(0, "INCR")), (1, [1, 1, 0, 0], 1));

    let (cluster, client) = loading().await;
    client.replicas().script_ro::<Value>(&reads, &a, ()).await.unwrap();
    let runs: usize = (0..4).map(|node| cluster.count(node, "EVALSHA_RO")).sum();
    assert_eq!(runs, 1);
}

#[tokio::test]
async fn a_script_that_is_refused_for_now_while_keys_are_watched_is_a_conflict() {
    let script = Script::<Value>::new("return redis.call('GET', KEYS[1])");
    let (cluster, client) = loading().await;
    let key = cluster.key_on(0, "k");
    let watching = client.pipeline().watch(&key).await.unwrap();
    let outcome = watching.multi().script::<Value>(&script, &key, ()).execute().await.unwrap();
    assert!(matches!(outcome, Outcome::Conflict), "{outcome:?}");
    let mut watching = client.pipeline().watch(&key).await.unwrap();
    let error = watching.script::<Value>(&script, &key, ()).await.unwrap_err();
    assert!(matches!(error, Error::WatchLost { .. }) && !error.may_have_run(), "{error:?}");
    drop(watching);

    let (cluster, client) = loading().await;
    let committed =
        client.transaction(&key, async |tx| Ok(tx.multi().incr(&key).script::<Value>(&script, &key, ()))).await;
    committed.unwrap();
    assert_eq!((cluster.count(0, "INCR"), cluster.count(0, "EVALSHA")), (1, 1));
    assert_eq!(client.metrics().pool_in_use, 0);
}

#[tokio::test]
async fn a_library_is_loaded_on_each_node_that_runs_its_functions() {
    let (set, client) = three_primaries().await;
    if !has(set.node(0), (7, 0, 0), "FUNCTION") {
        return;
    }
    let source =
        "#!lua name=own\nredis.register_function('add', function(k, a) return redis.call('INCRBY', k[1], a[1]) end)";
    let add: Function<i64> = Library::new(source).function("add");
    let twice: Script<i64> = Script::new("return 2 * ARGV[1]");
    let keys = ["a", "b", "c"];
    for key in keys {
        assert_eq!(client.function(&add, key, 2).await.unwrap(), 2);
    }
    let all = async || {
        let queue = client.pipeline().without_transaction().script(&twice, "b", 4);
        queue.function(&add, "a", 1).function(&add, "b", 1).function(&add, "c", 1).execute().await
    };
    assert_eq!(all().await.unwrap(), typedis::hlist![8, 3, 3, 3]);
    for expected in [4, 5] {
        let loads = calls(set.node(0), "function|load").await;
        assert_eq!(all().await.unwrap(), typedis::hlist![8, expected, expected, expected]);
        assert_eq!(calls(set.node(0), "function|load").await, loads, "it was loaded already");
    }
    client.function_flush().await.unwrap();
    let error = all().await.unwrap_err();
    assert!(error.to_string().contains("Function not found"), "{error}");
    assert_eq!(all().await.unwrap(), typedis::hlist![8, 6, 6, 6]);
}
