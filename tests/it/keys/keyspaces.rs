//! Keyspaces on a real server: declared keys have their names, every command takes them, and a parameter that would
//! move the hash tag is an error before anything is sent.

use crate::support::{client, seen};
use std::collections::HashMap;
use typedis::{
    Client, Error, Key, Outcome, Script, hlist, hlist_pat,
    key::{Hash, List, Set, SortedSet, Str},
    keyspace,
    options::{CopyOptions, SetOptions, Side},
    pipeline,
    prelude::*,
};

keyspace! {
    /// A number.
    pub SEQUENCE: Str<i64> = "sequence";
    pub(crate) OTHER: Str<i64> = "other";
    QUEUE: List<u32> = "{{shop}}:queue";
    DONE: List<u32> = "{{shop}}:done";
    TAGS: Set<String> = "tags";
    MORE_TAGS: Set<String> = "more-tags";
    BEST: SortedSet<String> = "best";
    STOCK: Hash<HashMap<String, u32>> = "stock";
    account(id: u64): Str<i64> = "account:{id}";
    cart(user: &str): Hash<HashMap<String, u32>> = "cart:{{{user}}}:items";
    seat(row: char, number: impl std::fmt::Display): Str<String> = "seat:{row}:{{hall}}:{number}";
    anything(name: &str): Str<i64> = "{name}";
    BANK = account(0);
    GUEST = cart("guest");
    FIRST = seat('A', 1)
}

#[tokio::test]
async fn a_key_has_the_name_that_is_declared() {
    let (server, client) = client().await;
    let monitor = server.monitor().await;
    pipeline! { client =>
        incr(SEQUENCE);
        incr(account(7));
        incr(BANK);
        hset(cart("ada"), ("apple", 1));
        hset(GUEST, ("apple", 1));
        set(seat('B', 3), "ada");
        set(FIRST, "bob");
    }
    .unwrap();
    let expected = [
        "multi",
        "incr sequence",
        "incr account:7",
        "incr account:0",
        "hset cart:{ada}:items apple 1",
        "hset cart:{guest}:items apple 1",
        "set seat:b:{hall}:3 ada",
        "set seat:a:{hall}:1 bob",
        "exec",
    ];
    assert_eq!(&seen(monitor, &server).await[..expected.len()], expected);
}

#[tokio::test]
async fn a_key_is_taken_in_every_state_and_its_values_need_no_turbofish() {
    let (_server, client) = client().await;
    client.set(SEQUENCE, 5).await.unwrap();
    let mut tx = client.pipeline().watch((SEQUENCE, account(1), &cart("ada"))).await.unwrap();
    let current = tx.get(SEQUENCE).await.unwrap().unwrap_or(0);
    let outcome = tx.multi().set(SEQUENCE, current + 1).rpush(QUEUE, [1, 2]).lpop(QUEUE).execute().await.unwrap();
    assert_eq!(outcome, Outcome::Committed(hlist![(), 2, Some(1u32)]));

    let (tags, stock, best) = pipeline! { client =>
        watch(SEQUENCE);
        let n = get(SEQUENCE).await.unwrap().unwrap_or(0);
        multi();
        sadd(TAGS, "new");
        hincrby(STOCK, "apple", n);
        zadd(BEST, (1.5, "ada"));
    }
    .unwrap();
    assert_eq!((tags, stock, best), (1, 6, 1));

    let batch = pipeline! { hgetall(STOCK); zrange(BEST, 0, -1); smembers(TAGS) };
    let (stock, best, tags) = batch.execute(&client).await.unwrap();
    assert_eq!((stock["apple"], best, tags), (6, vec!["ada".to_owned()], vec!["new".to_owned()]));

    let hlist_pat![balances] = client.pipeline().each(0..3, |p, id| p.incrby(account(id), 10)).execute().await.unwrap();
    assert_eq!(balances, [10, 10, 10]);
    let all = client.mget([account(0), account(1)]).await.unwrap();
    assert_eq!(all, [Some(10), Some(10)]);
    client.mset([(account(0), 1), (account(1), 2)]).await.unwrap();
    let sum: Script<i64> = Script::new("return redis.call('GET', KEYS[1]) + redis.call('GET', KEYS[2])");
    assert_eq!(client.script(&sum, [account(0), account(1)], ()).await.unwrap(), 3);
}

#[tokio::test]
async fn both_keys_of_a_command_hold_the_same() {
    let (_server, client) = client().await;
    client.set(SEQUENCE, 5).await.unwrap();
    client.rename(SEQUENCE, OTHER).await.unwrap();
    assert!(client.copy(OTHER, &account(1)).await.unwrap());
    assert!(!client.copy(&OTHER, account(1)).await.unwrap());
    assert!(client.copy_with(OTHER, account(1), CopyOptions::new().replace()).await.unwrap());
    assert!(!client.renamenx(account(1), OTHER).await.unwrap());
    // A plain key has any kind, so it fits beside a typed one.
    client.rename(OTHER, "plain").await.unwrap();
    client.rename("plain", SEQUENCE).await.unwrap();
    client.rename("sequence", String::from("plain")).await.unwrap();
    assert_eq!(client.get::<i64>("plain").await.unwrap(), Some(5));

    client.rpush(QUEUE, [3, 1, 2]).await.unwrap();
    assert_eq!(client.lmove(QUEUE, DONE, Side::Left, Side::Right).await.unwrap(), Some(3));
    assert_eq!(client.sort_store(QUEUE, DONE).await.unwrap(), 2);
    assert_eq!(client.lrange(DONE, 0, -1).await.unwrap(), [1, 2]);
    assert_eq!(client.sort_store(QUEUE, "plain").await.unwrap(), 2);
    assert_eq!(client.sort_store("plain", DONE).await.unwrap(), 2);
}

#[tokio::test]
async fn what_is_stored_is_of_the_destinations_kind() {
    let (_server, client) = client().await;
    client.sadd(TAGS, ["a", "b"]).await.unwrap();
    client.sadd(MORE_TAGS, "b").await.unwrap();
    client.zadd(BEST, (2, "a")).await.unwrap();
    let both: Key<Set<String>> = Key::new("both");
    let ranked: Key<SortedSet<String>> = Key::new("ranked");
    assert_eq!(client.sinterstore(both, [TAGS, MORE_TAGS]).await.unwrap(), 1);
    assert_eq!(client.sunionstore(both, (TAGS, "more-tags")).await.unwrap(), 2);
    assert_eq!(client.sdiffstore("plain", (TAGS, MORE_TAGS)).await.unwrap(), 1);
    assert!(client.smove(TAGS, MORE_TAGS, "a").await.unwrap());
    assert_eq!(client.zunionstore(ranked, (both, BEST)).await.unwrap(), 2);
    assert_eq!(client.zinterstore(ranked, (both, BEST)).await.unwrap(), 1);
    assert_eq!(client.zdiffstore(ranked, (both, BEST)).await.unwrap(), 1);
    assert_eq!(client.zrangestore(ranked, BEST, 0, -1).await.unwrap(), 1);
    assert_eq!(client.zunionstore("plain2", ["tags", "best"]).await.unwrap(), 2);
}

async fn refuses(client: &Client, key: Key<Str<i64>, String>, words: &str) {
    let error = client.incr(&key).await.unwrap_err();
    assert!(matches!(error, Error::Argument { .. }), "{error:?}");
    assert!(error.to_string().contains("INCR") && error.to_string().contains(words), "{error}");
    let error = client.pipeline().incr("a").incr(&key).execute().await.unwrap_err();
    assert!(error.to_string().contains("command 2 (INCR)"), "{error}");
    let error = client.pipeline().watch(&key).await.unwrap_err();
    assert!(matches!(error, Error::Argument { .. }), "{error:?}");
    assert!(pipeline! { incr(&key) }.execute(client).await.is_err());
}

#[tokio::test]
async fn what_would_move_the_hash_tag_is_refused_before_anything_is_sent() {
    keyspace! {
        tagged(user: &str): Str<i64> = "{{{user}}}:a";
        before(shop: &str): Str<i64> = "{shop}:{{tag}}";
        wide(shop: &str, user: &str): Str<i64> = "{{{shop}:{user}}}:{user}";
    }
    let (server, client) = client().await;
    let monitor = server.monitor().await;
    refuses(&client, tagged("a}b"), "would end the hash tag early").await;
    refuses(&client, tagged(""), "the hash tag of the key is empty").await;
    refuses(&client, before("a{b"), "would begin a hash tag").await;
    refuses(&client, wide("a", "}"), "would end the hash tag early").await;
    refuses(&client, anything(""), "the name of the key is empty").await;
    assert_eq!(seen(monitor, &server).await, [""; 0], "something was sent");

    for key in [tagged("a{b"), before("a}b"), anything("{}"), wide("", "b")] {
        assert_eq!(client.incr(&key).await.unwrap(), 1, "{key:?}");
    }
}

#[tokio::test]
async fn options_take_declared_keys() {
    let (_server, client) = client().await;
    assert!(client.set_with(SEQUENCE, 5, SetOptions::new().nx()).await.unwrap());
    assert_eq!(client.set_with(SEQUENCE, 6, SetOptions::new().get()).await.unwrap(), Some(5));
}

#[test]
fn a_key_knows_its_slot() {
    const QUEUED: u16 = QUEUE.slot();
    const _: () = assert!(QUEUE.slot() == DONE.slot() && GUEST.slot() != BANK.slot());
    assert_eq!(QUEUED, typedis::key::hash_slot("shop"));
    assert_eq!(cart("guest").slot(), GUEST.slot());
    assert_eq!(account(0).slot(), BANK.slot());
    assert_eq!(account(7).slot(), typedis::key::hash_slot(account(7).name()));
}
