//! Pipelines by methods: the requests they send, the replies they return, and the transitions between their states.

use crate::support::{client, connections, seen};
use typedis::{
    Error, Key, Outcome, Pipeline,
    commands::types,
    hlist_pat,
    key::{List, Str},
    pipeline::{HCons, HNil, Queued},
    prelude::*,
    reply::{Bulk, DecodeError, FromReply, Reader},
};

#[tokio::test]
async fn replies_come_in_queue_order_with_their_own_types() {
    let (_server, client) = client().await;
    let hlist_pat![(), hits, name, none, (), keys] = client
        .pipeline()
        .set("foo", "bar")
        .incr("hits")
        .get::<String>("foo")
        .get::<i64>("nothing")
        .set("seven", 7)
        .keys::<Vec<String>>("f*")
        .execute()
        .await
        .unwrap();
    let all: (i64, Option<String>, Option<i64>, Vec<String>) = (hits, name, none, keys);
    assert_eq!(all, (1, Some("bar".into()), None, vec!["foo".into()]));
}

#[tokio::test]
async fn a_pipeline_can_be_named_by_its_type() {
    let (_server, client) = client().await;
    struct Job {
        queued: Pipeline<Queued<HCons<types::Incr, HCons<types::Set, HNil>>>>,
    }
    let job = Job { queued: client.pipeline().set("a", 1).incr("a") };
    let hlist_pat![(), two] = job.queued.execute().await.unwrap();
    assert_eq!(two, 2);
}

#[tokio::test]
async fn frunk_takes_a_list_of_replies_apart() {
    let (_server, client) = client().await;
    let frunk::hlist_pat![(), hits, ...rest] =
        client.pipeline().set("name", "Ada").incr("hits").get::<String>("name").execute().await.unwrap();
    let rest: frunk::HCons<Option<String>, frunk::HNil> = rest;
    assert_eq!(hits, 1);
    assert_eq!(rest.head.as_deref(), Some("Ada"));
}

#[tokio::test]
async fn frunk_takes_a_committed_outcome_and_a_list_of_results_apart() {
    let (_server, client) = client().await;
    let tx = client.pipeline().watch("hits").await.unwrap().multi();
    let Outcome::Committed(frunk::hlist_pat![set, hits]) = tx.set("name", "Ada").incr("hits").execute().await.unwrap()
    else {
        panic!("no other client wrote the key");
    };
    let frunk::hlist_pat![name, wrong] =
        client.pipeline().get::<String>("name").incr("name").execute_each().await.unwrap();
    assert_eq!((set, hits, name.unwrap().as_deref()), ((), 1, Some("Ada")));
    assert!(wrong.is_err());
}

#[tokio::test]
async fn typed_keys_need_no_turbofish() {
    const SEQUENCE: Key<Str<i64>> = Key::new("sequence");
    let (_server, client) = client().await;
    let hlist_pat![(), five, six] =
        client.pipeline().set(SEQUENCE, 5).get(SEQUENCE).incr(SEQUENCE).execute().await.unwrap();
    assert_eq!((five, six), (Some(5), 6));
    let page = Key::<Str<u32>, _>::named(format!("hits:{}", "index"));
    client.set(&page, 3).await.unwrap();
    assert_eq!(client.get(&page).await.unwrap(), Some(3));
    let _: Key<List<String>> = Key::new("queue");
}

#[tokio::test]
async fn each_and_when_are_one_slot_of_any_length() {
    let (_server, client) = client().await;
    let hlist_pat![(), both, yes, no, nothing, last] = client
        .pipeline()
        .mset([("a", "1"), ("b", "2")])
        .each(["a", "b"], |p, key| p.get::<i64>(key))
        .when(true, |p| p.incr("a"))
        .when(false, |p| p.incr("a"))
        .each(Vec::<String>::new(), |p, key| p.incr(key))
        .get::<i64>("a")
        .execute()
        .await
        .unwrap();
    assert_eq!((both, yes, no, nothing, last), (vec![Some(1), Some(2)], Some(2), None, vec![], Some(2)));
}

#[tokio::test]
async fn the_first_failure_is_named_and_the_others_did_run() {
    let (_server, client) = client().await;
    let error = client.pipeline().set("x", "text").incr("n").incr("x").incr("n").execute().await.unwrap_err();
    let Error::Server { at, error } = error else { panic!("{error:?}") };
    assert_eq!((at.number, at.name, error.code()), (3, "INCR", "ERR"));
    assert_eq!(client.get::<i64>("n").await.unwrap(), Some(2));
}

#[tokio::test]
async fn execute_each_keeps_every_result() {
    let (_server, client) = client().await;
    let hlist_pat![set, wrong, numbers, unreadable, good] = client
        .pipeline()
        .set("x", "text")
        .incr("x")
        .each(["n", "x", "n"], |p, key| p.incr(key))
        .get::<i64>("x")
        .get::<String>("x")
        .execute_each()
        .await
        .unwrap();
    assert!(set.is_ok());
    assert!(matches!(&wrong, Err(Error::Server { at, .. }) if at.number == 2));
    assert!(matches!(&numbers[..], [Ok(1), Err(Error::Server { at, .. }), Ok(2)] if at.number == 4));
    assert!(matches!(&unreadable, Err(Error::Reply { at, .. }) if at.number == 6 && at.name == "GET"));
    assert_eq!(good.unwrap().as_deref(), Some("text"));
}

#[tokio::test]
async fn an_error_within_a_reply_does_not_shift_the_next_ones() {
    let (_server, client) = client().await;
    let script = "return {1, {2, redis.error_reply('MINE inner')}, 3}";
    let hlist_pat![nested, after] =
        client.pipeline().eval::<(i64, Vec<i64>, i64)>(script, (), ()).incr("after").execute_each().await.unwrap();
    assert!(matches!(nested, Err(Error::Server { error, .. }) if error.code() == "MINE"));
    assert_eq!(after.unwrap(), 1);
}

#[tokio::test]
async fn without_transaction_sends_no_multi() {
    let (server, client) = client().await;
    let monitor = server.monitor().await;
    let hlist_pat![(), one] = client.pipeline().without_transaction().set("a", 0).incr("a").execute().await.unwrap();
    assert_eq!(one, 1);
    let seen = seen(monitor, &server).await;
    assert_eq!(seen, ["set a 0", "incr a"]);
}

#[tokio::test]
async fn a_conflict_is_a_value_and_the_retry_commits() {
    let (_server, client) = client().await;
    client.set("key", 1).await.unwrap();
    let mut tx = client.pipeline().watch("key").await.unwrap();
    let current = tx.get::<i64>("key").await.unwrap().unwrap_or(0);
    client.set("key", 10).await.unwrap();
    let outcome = tx.multi().set("key", current + 1).execute().await.unwrap();
    assert_eq!(outcome, Outcome::Conflict);
    assert_eq!(client.get::<i64>("key").await.unwrap(), Some(10), "a conflict must write nothing");

    let mut tx = client.pipeline().watch("key").await.unwrap();
    let current = tx.get::<i64>("key").await.unwrap().unwrap_or(0);
    let hlist_pat![()] = tx.multi().set("key", current + 1).execute().await.unwrap().committed().unwrap();
    assert_eq!(client.get::<i64>("key").await.unwrap(), Some(11));
}

#[tokio::test]
async fn a_conflict_is_an_error_only_for_those_who_ask() {
    let (_server, client) = client().await;
    let tx = client.pipeline().watch(("key", "other")).await.unwrap();
    client.set("other", 1).await.unwrap();
    let outcome = tx.multi().execute().await.unwrap();
    assert!(matches!(outcome.committed(), Err(Error::Conflict { attempts: 1 })));
}

#[tokio::test]
async fn more_keys_can_be_watched_before_multi() {
    let (_server, client) = client().await;
    let mut tx = client.pipeline().watch("a").await.unwrap();
    let _ = tx.get::<i64>("a").await.unwrap();
    let tx = tx.watch(vec!["b", "c"]).await.unwrap();
    client.set("c", 1).await.unwrap();
    assert!(tx.multi().incr("a").execute().await.unwrap().is_conflict());
}

#[tokio::test]
async fn unwatch_discard_and_reset_lead_back_to_idle() {
    let (server, client) = client().await;
    let idle = client.pipeline().watch("a").await.unwrap().unwatch().await;
    let idle = idle.watch("a").await.unwrap().multi().incr("a").discard().await;
    let idle = idle.watch("a").await.unwrap().reset().await;
    let idle = idle.incr("a").reset().await;
    let hlist_pat![one] = idle.reset().await.incr("a").execute().await.unwrap();
    assert_eq!(one, 1, "what was discarded must not run");
    for connection in connections(&mut server.raw().await).await {
        assert_eq!(connection.get("flags"), "N", "{connection:?}");
    }
}

#[tokio::test]
async fn single_commands_run_on_the_client() {
    let (_server, client) = client().await;
    client.set("a", "text").await.unwrap();
    assert_eq!(client.get::<String>("a").await.unwrap().as_deref(), Some("text"));
    let error = client.incr("a").await.unwrap_err();
    assert!(matches!(error, Error::Server { at, .. } if at.name == "INCR"));
}

/// A broken decoder that consumes nothing of its reply.
#[derive(Debug)]
struct Nothing;

impl FromReply<Bulk> for Nothing {
    fn read(_: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Nothing)
    }
}

/// A broken decoder that consumes its reply and the next one.
#[derive(Debug)]
struct Two(#[allow(dead_code)] String, #[allow(dead_code)] String);

impl FromReply<Bulk> for Two {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Two(reader.text()?.into(), reader.text()?.into()))
    }
}

#[tokio::test]
async fn a_type_that_reads_less_or_more_than_its_reply_shifts_no_other() {
    let (_server, client) = client().await;
    client.rpush("list", ["x", "y"]).await.unwrap();
    client.mset([("a", "1"), ("b", "2"), ("c", "3")]).await.unwrap();
    let queued = || {
        let queue = client.pipeline().get::<i64>("a").get::<Nothing>("a").get::<i64>("b").get::<Two>("a");
        queue.get::<i64>("c").lrange::<Two>("list", 0, -1).get::<i64>("a").lrange::<Nothing>("list", 0, -1).incr("n")
    };
    let hlist_pat![a, nothing, b, two, c, twos, again, nothings, one] = queued().execute_each().await.unwrap();
    assert_eq!((a.unwrap(), b.unwrap(), c.unwrap(), again.unwrap()), (Some(1), Some(2), Some(3), Some(1)));
    assert_eq!(one.unwrap(), 1);
    let reasons = [
        nothing.unwrap_err().to_string(),
        two.unwrap_err().to_string(),
        twos.unwrap_err().to_string(),
        nothings.unwrap_err().to_string(),
    ];
    let wanted = [
        "command 2 (GET): the type left one element of the reply unread",
        "command 4 (GET): the type read beyond the end of the reply",
        "command 6 (LRANGE): the type read beyond the end of the reply",
        "command 8 (LRANGE): the type left 2 elements of the reply unread",
    ];
    assert_eq!(reasons, wanted);

    let error = queued().execute().await.unwrap_err();
    assert!(matches!(&error, Error::Reply { at, .. } if (at.number, at.name) == (2, "GET")), "{error:?}");
    let error = client.get::<Two>("a").await.unwrap_err();
    assert!(matches!(&error, Error::Reply { .. }), "{error:?}");
    assert_eq!(client.get::<i64>("a").await.unwrap(), Some(1));
}
