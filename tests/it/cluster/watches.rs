//! No guard of a watch is lost by a slot that moves.

use super::three_primaries;
use typedis::{ClusterClient, Error, Outcome, Pipeline, Result, pipeline, pipeline::Watching, prelude::*, topology};
use typedis_testing::{ClusterNode, ClusterSet, tag_of_slot};

const SLOT: u16 = 100;

type Watched = Pipeline<Watching, typedis::version::AnyVersion, topology::Cluster>;

/// How the slot moves.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    KeyByKey,
    Atomic,
}

/// The commands that follow the watch.
#[derive(Clone, Copy, Debug)]
enum Queue {
    /// A write of a key of the slot.
    Write,
    /// A read of another key of the slot.
    Read,
    /// A command without a key.
    Keyless,
}

const QUEUES: [Queue; 3] = [Queue::Write, Queue::Read, Queue::Keyless];

fn ways(set: &ClusterSet) -> Vec<Way> {
    if set.supports_atomic_migration() { vec![Way::KeyByKey, Way::Atomic] } else { vec![Way::KeyByKey] }
}

async fn migrate(set: &ClusterSet, way: Way, target: &ClusterNode) {
    match way {
        Way::KeyByKey => set.migrate_slot(SLOT, target).await,
        Way::Atomic => set.migrate_slots_atomically(SLOT..=SLOT, target).await,
    }
}

fn key(name: &str) -> String {
    format!("{{{}}}:{name}", tag_of_slot(SLOT))
}

/// Executes the queue. Returns whether it was committed; a watch that was lost is a conflict.
async fn commits(watching: Watched, queue: Queue) -> bool {
    let outcome: Result<bool> = match queue {
        Queue::Write => committed(watching.multi().set(key("written"), 1).execute().await),
        Queue::Read => committed(watching.multi().get::<i64>(key("other")).execute().await),
        Queue::Keyless => committed(watching.multi().echo::<String>("x").execute().await),
    };
    match outcome {
        Ok(committed) => committed,
        Err(Error::WatchLost { .. }) => false,
        Err(error) => panic!("{error:?}"),
    }
}

fn committed<R>(outcome: Result<Outcome<R>>) -> Result<bool> {
    outcome.map(|outcome| matches!(outcome, Outcome::Committed(_)))
}

/// Watches an existing key and a missing one in turn, lets `meanwhile` run, and checks whether each queue commits.
async fn each_commits(set: &ClusterSet, client: &ClusterClient, expected: bool, meanwhile: impl AsyncFn(Way, &str)) {
    for way in ways(set) {
        for exists in [true, false] {
            for queue in QUEUES {
                migrate_home(set).await;
                client.del(key("watched")).await.unwrap();
                if exists {
                    client.set(key("watched"), 1).await.unwrap();
                }
                let watching = client.pipeline().watch(key("watched")).await.unwrap();
                meanwhile(way, &key("watched")).await;
                let commits = commits(watching, queue).await;
                assert_eq!(commits, expected, "{way:?}, the key exists: {exists}, {queue:?}");
            }
        }
    }
}

async fn migrate_home(set: &ClusterSet) {
    if set.owner(SLOT).await.id() != set.node(0).id() {
        set.migrate_slot(SLOT, set.node(0)).await;
    }
}

#[tokio::test]
async fn a_slot_that_has_moved_away_voids_a_watch() {
    let (set, client) = three_primaries().await;
    each_commits(&set, &client, false, async |way, _| migrate(&set, way, set.node(1)).await).await;
}

#[tokio::test]
async fn a_key_that_was_written_elsewhere_voids_a_watch_when_its_slot_is_back() {
    let (set, client) = three_primaries().await;
    let meanwhile = async |way, key: &str| {
        migrate(&set, way, set.node(1)).await;
        client.set(key, 2).await.unwrap();
        migrate(&set, way, set.node(0)).await;
    };
    each_commits(&set, &client, false, meanwhile).await;
}

#[tokio::test]
async fn a_key_that_was_written_and_deleted_elsewhere_is_not_seen_when_its_slot_is_back() {
    let (set, client) = three_primaries().await;
    for queue in QUEUES {
        client.del(key("watched")).await.unwrap();
        let watching = client.pipeline().watch(key("watched")).await.unwrap();
        set.migrate_slot(SLOT, set.node(1)).await;
        client.set(key("watched"), 2).await.unwrap();
        client.del(key("watched")).await.unwrap();
        set.migrate_slot(SLOT, set.node(0)).await;
        // The key is missing as it was when it was watched, and nothing on the node tells what was between.
        assert!(commits(watching, queue).await, "{queue:?}");
    }
}

#[tokio::test]
async fn a_slot_that_is_being_migrated_commits_nothing_unguarded() {
    let (set, client) = three_primaries().await;
    for queue in QUEUES {
        client.set(key("watched"), 1).await.unwrap();
        let watching = client.pipeline().watch(key("watched")).await.unwrap();
        let mut migration = set.begin_migration(SLOT, set.node(1)).await;
        migration.move_key(key("watched")).await;
        client.set(key("watched"), 2).await.unwrap();
        assert!(!commits(watching, queue).await, "{queue:?}");
        // The watched key is on the node that imports the slot, and a conflict is seen there.
        let watching = client.pipeline().watch(key("watched")).await.unwrap();
        client.set(key("watched"), 3).await.unwrap();
        assert!(!commits(watching, queue).await, "{queue:?}");
        migration.finish().await;
        migrate_home(&set).await;
    }
}

#[tokio::test]
async fn a_missing_key_that_is_created_where_its_slot_goes_is_a_conflict() {
    let (set, client) = three_primaries().await;
    for queue in QUEUES {
        let watching = client.pipeline().watch(key("watched")).await.unwrap();
        let migration = set.begin_migration(SLOT, set.node(1)).await;
        client.set(key("watched"), 1).await.unwrap();
        assert!(!commits(watching, queue).await, "{queue:?}");
        migration.finish().await;
        migrate_home(&set).await;
        client.del(key("watched")).await.unwrap();
    }
}

#[tokio::test]
async fn a_retried_transaction_follows_its_slot() {
    let (set, client) = three_primaries().await;
    for way in ways(&set) {
        migrate_home(&set).await;
        client.set(key("watched"), 1).await.unwrap();
        let mut attempts = 0;
        let (_,) = pipeline! { client =>
            watch(key("watched"));
            let now = get::<i64>(key("watched")).await.unwrap().unwrap_or(0);
            attempts += 1;
            if attempts == 1 {
                self::migrate(&set, way, set.node(1)).await;
            }
            multi();
            set(key("watched"), now + 1);
        }
        .unwrap();
        assert_eq!((client.get::<i64>(key("watched")).await.unwrap(), attempts), (Some(2), 2));
    }
}

#[tokio::test]
async fn a_blocked_command_waits_on_where_its_slot_goes() {
    let (set, client) = three_primaries().await;
    for way in ways(&set) {
        migrate_home(&set).await;
        let blocked = client.clone();
        let popped = tokio::spawn(async move { blocked.blpop::<String>(key("list"), 20.0).await });
        let raw = &mut set.node(0).raw().await;
        while !raw.command(["INFO", "clients"]).await.text().contains("blocked_clients:1") {}
        migrate(&set, way, set.node(1)).await;
        client.rpush(key("list"), "x").await.unwrap();
        let popped = tokio::time::timeout(std::time::Duration::from_secs(5), popped).await.unwrap().unwrap();
        assert_eq!(popped.unwrap().map(|(_, element)| element).as_deref(), Some("x"), "{way:?}");
    }
}
