//! The commands on lists, each run against a real server.

use crate::support::rows::{assert_all_ran, has, in_both_protocols};
use typedis::{
    Client, Error, Key, Result, hlist_pat,
    key::List,
    options::{Inserted, LposOptions, Pivot, Side},
    prelude::*,
};
use typedis_testing::Server;

#[tokio::test]
async fn every_row_answers_as_declared() {
    in_both_protocols(async |server, client| {
        pushing_and_popping(client).await?;
        several_at_once(client).await?;
        reading(client).await?;
        changing(client).await?;
        searching(client).await?;
        moving(client).await?;
        popping_from_the_first_of_several(server, client).await?;
        blocking_with_something_there(server, client).await?;
        blocking_in_vain(server, client).await?;
        assert_all_ran(server, "list").await;
        Ok(())
    })
    .await;
}

async fn all(client: &Client, key: &str) -> Vec<String> {
    client.lrange(key, 0, -1).await.unwrap()
}

async fn pushing_and_popping(client: &Client) -> Result<()> {
    assert_eq!(client.rpush("queue", "b").await?, 1);
    assert_eq!(client.lpush("queue", ["a", "0"]).await?, 3);
    assert_eq!(client.rpushx("queue", ("c", "d")).await?, 5);
    assert_eq!(client.lpushx("queue", "-1").await?, 6);
    assert_eq!(all(client, "queue").await, ["-1", "0", "a", "b", "c", "d"]);

    assert_eq!(client.rpushx("nothing", "a").await?, 0);
    assert_eq!(client.lpushx("nothing", "a").await?, 0);

    assert_eq!(client.lpop::<i64>("queue").await?, Some(-1));
    assert_eq!(client.rpop::<String>("queue").await?.as_deref(), Some("d"));
    assert_eq!(client.lpop::<String>("nothing").await?, None);
    assert_eq!(client.rpop::<String>("nothing").await?, None);
    Ok(())
}

async fn several_at_once(client: &Client) -> Result<()> {
    client.rpush("many", [1, 2, 3, 4, 5]).await?;
    assert_eq!(client.lpop_count::<i64>("many", 2).await?, Some(vec![1, 2]));
    assert_eq!(client.rpop_count::<i64>("many", 2).await?, Some(vec![5, 4]));
    assert_eq!(client.lpop_count::<i64>("many", 9).await?, Some(vec![3]));
    assert_eq!(client.lpop_count::<i64>("many", 9).await?, None);
    assert_eq!(client.rpop_count::<i64>("many", 9).await?, None);
    Ok(())
}

async fn reading(client: &Client) -> Result<()> {
    client.rpush("letters", ["a", "b", "c"]).await?;
    assert_eq!(client.llen("letters").await?, 3);
    assert_eq!(client.llen("nothing").await?, 0);
    assert_eq!(client.lindex::<String>("letters", 0).await?.as_deref(), Some("a"));
    assert_eq!(client.lindex::<String>("letters", -1).await?.as_deref(), Some("c"));
    assert_eq!(client.lindex::<String>("letters", 3).await?, None);
    assert_eq!(client.lrange::<String>("letters", 1, -1).await?, ["b", "c"]);
    assert!(client.lrange::<String>("letters", 7, 9).await?.is_empty());
    assert!(client.lrange::<String>("nothing", 0, -1).await?.is_empty());
    Ok(())
}

async fn changing(client: &Client) -> Result<()> {
    client.rpush("change", ["b", "d"]).await?;
    assert_eq!(client.linsert("change", Pivot::Before("b"), "a").await?, Inserted::Length(3));
    assert_eq!(client.linsert("change", Pivot::After("b"), "c").await?, Inserted::Length(4));
    assert_eq!(client.linsert("change", Pivot::After("x"), "y").await?, Inserted::NoPivot);
    assert_eq!(client.linsert("nothing", Pivot::After("x"), "y").await?, Inserted::NoList);
    assert_eq!(all(client, "change").await, ["a", "b", "c", "d"]);

    client.lset("change", -1, "D").await?;
    client.ltrim("change", 1, -1).await?;
    assert_eq!(all(client, "change").await, ["b", "c", "D"]);

    client.rpush("change", ["b", "b", "c"]).await?;
    assert_eq!(client.lrem("change", -1, "b").await?, 1);
    assert_eq!(all(client, "change").await, ["b", "c", "D", "b", "c"]);
    assert_eq!(client.lrem("change", 1, "c").await?, 1);
    assert_eq!(client.lrem("change", 0, "b").await?, 2);
    assert_eq!(client.lrem("change", 0, "x").await?, 0);
    assert_eq!(all(client, "change").await, ["D", "c"]);

    client.ltrim("change", 5, 9).await?;
    assert_eq!(client.del("change").await?, 0, "a list without elements is gone");
    Ok(())
}

async fn searching(client: &Client) -> Result<()> {
    client.rpush("notes", ["a", "b", "a", "c", "a"]).await?;
    assert_eq!(client.lpos("notes", "a").await?, Some(0));
    assert_eq!(client.lpos("notes", "x").await?, None);

    let options = LposOptions::new();
    assert_eq!(client.lpos_with("notes", "b", options).await?, Some(1));
    assert_eq!(client.lpos_with("notes", "a", options.rank(2)).await?, Some(2));
    assert_eq!(client.lpos_with("notes", "a", options.rank(-1)).await?, Some(4));
    assert_eq!(client.lpos_with("notes", "c", options.maxlen(3)).await?, None);
    assert_eq!(client.lpos_with("notes", "a", options.count(0)).await?, [0, 2, 4]);
    assert_eq!(client.lpos_with("notes", "a", options.count(2).rank(-1)).await?, [4, 2]);
    assert_eq!(client.lpos_with("notes", "a", options.maxlen(3).count(0)).await?, [0, 2]);
    assert!(client.lpos_with("nothing", "a", options.count(1)).await?.is_empty());
    Ok(())
}

async fn moving(client: &Client) -> Result<()> {
    client.rpush("from", [1, 2, 3]).await?;
    assert_eq!(client.lmove::<i64>("from", "to", Side::Left, Side::Right).await?, Some(1));
    assert_eq!(client.lmove::<i64>("from", "to", Side::Right, Side::Left).await?, Some(3));
    assert_eq!(client.rpoplpush::<i64>("from", "to").await?, Some(2));
    assert_eq!(all(client, "to").await, ["2", "3", "1"]);
    assert_eq!(client.lmove::<i64>("to", "to", Side::Left, Side::Right).await?, Some(2));
    assert_eq!(all(client, "to").await, ["3", "1", "2"]);
    assert_eq!(client.lmove::<i64>("from", "to", Side::Left, Side::Left).await?, None);
    assert_eq!(client.rpoplpush::<i64>("from", "to").await?, None);
    Ok(())
}

async fn popping_from_the_first_of_several(server: &Server, client: &Client) -> Result<()> {
    if !has(server, (7, 0, 0), "LMPOP") {
        return Ok(());
    }
    client.rpush("late", [1, 2, 3, 4]).await?;
    let keys = ["nothing", "late"];
    assert_eq!(client.lmpop::<i64>(keys, Side::Left).await?, Some(("late".into(), vec![1])));
    assert_eq!(client.lmpop_count::<i64>(keys, Side::Right, 2).await?, Some(("late".into(), vec![4, 3])));
    assert_eq!(client.lmpop_count::<i64>("late", Side::Right, 2).await?, Some(("late".into(), vec![2])));
    assert_eq!(client.lmpop_count::<i64>("late", Side::Right, 2).await?, None);
    assert_eq!(client.lmpop::<i64>(keys, Side::Left).await?, None);
    Ok(())
}

async fn blocking_with_something_there(server: &Server, client: &Client) -> Result<()> {
    client.rpush("ready", [1, 2, 3, 4]).await?;
    let keys = ["nothing", "ready"];
    assert_eq!(client.blpop::<i64>(keys, 0.0).await?, Some(("ready".into(), 1)));
    assert_eq!(client.brpop::<i64>("ready", 0.0).await?, Some(("ready".into(), 4)));
    assert_eq!(client.blmove::<i64>("ready", "done", Side::Left, Side::Right, 0.0).await?, Some(2));
    assert_eq!(client.brpoplpush::<i64>("ready", "done", 0.0).await?, Some(3));
    assert_eq!(all(client, "done").await, ["3", "2"]);

    if has(server, (7, 0, 0), "LMPOP") {
        client.rpush("ready", [1, 2, 3, 4]).await?;
        assert_eq!(client.blmpop::<i64>(0.0, keys, Side::Right).await?, Some(("ready".into(), vec![4])));
        let rest = client.blmpop_count::<i64>(0.0, "ready", Side::Left, 9).await?;
        assert_eq!(rest, Some(("ready".into(), vec![1, 2, 3])));
    }
    Ok(())
}

async fn blocking_in_vain(server: &Server, client: &Client) -> Result<()> {
    const SHORT: f64 = 0.01;
    assert_eq!(client.blpop::<i64>(["nothing", "nothing:2"], SHORT).await?, None);
    assert_eq!(client.brpop::<i64>("nothing", SHORT).await?, None);
    assert_eq!(client.blmove::<i64>("nothing", "done", Side::Left, Side::Right, SHORT).await?, None);
    assert_eq!(client.brpoplpush::<i64>("nothing", "done", SHORT).await?, None);

    if has(server, (7, 0, 0), "LMPOP") {
        assert_eq!(client.blmpop::<i64>(SHORT, "nothing", Side::Left).await?, None);
        assert_eq!(client.blmpop_count::<i64>(SHORT, "nothing", Side::Left, 2).await?, None);
    }
    Ok(())
}

/// Waits until a client is blocked on the server.
async fn until_somebody_blocks(server: &Server) {
    let mut raw = server.raw().await;
    while !raw.command(["INFO", "clients"]).await.text().contains("blocked_clients:1") {}
}

#[tokio::test]
async fn a_blocking_command_waits_for_what_another_caller_of_the_client_pushes() {
    in_both_protocols(async |server, client| {
        let push = async |value: i64| {
            until_somebody_blocks(server).await;
            client.rpush("jobs", value).await
        };
        let (job, _) = tokio::try_join!(client.blpop::<i64>(["urgent", "jobs"], 0.0), push(1))?;
        assert_eq!(job, Some(("jobs".into(), 1)));
        let (job, _) = tokio::try_join!(client.brpop::<i64>("jobs", 10.0), push(2))?;
        assert_eq!(job, Some(("jobs".into(), 2)));
        let (job, _) = tokio::try_join!(client.blmove::<i64>("jobs", "done", Side::Left, Side::Right, 10.0), push(3))?;
        assert_eq!(job, Some(3));
        let (job, _) = tokio::try_join!(client.brpoplpush::<i64>("jobs", "done", 10.0), push(4))?;
        assert_eq!(job, Some(4));
        assert_eq!(all(client, "done").await, ["4", "3"]);
        if has(server, (7, 0, 0), "LMPOP") {
            let (jobs, _) =
                tokio::try_join!(client.blmpop_count::<i64>(10.0, ["urgent", "jobs"], Side::Left, 5), push(5))?;
            assert_eq!(jobs, Some(("jobs".into(), vec![5])));
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_watching_pipeline_may_block_before_multi() {
    in_both_protocols(async |server, client| {
        let mut tx = client.pipeline().watch("done").await?;
        let push = async {
            until_somebody_blocks(server).await;
            client.rpush("jobs", "sweep").await
        };
        let (job, _) = tokio::try_join!(tx.blpop::<String>("jobs", 10.0), push)?;
        let (_, job) = job.unwrap();
        let hlist_pat![done] = tx.multi().rpush("done", job).execute().await?.committed()?;
        assert_eq!(done, 1);
        assert_eq!(all(client, "done").await, ["sweep"]);
        Ok(())
    })
    .await;
}

const MARKS: Key<List<i64>> = Key::new("marks");
const OLD_MARKS: Key<List<i64>> = Key::new("marks:old");

#[tokio::test]
async fn a_typed_key_says_what_the_elements_are() {
    in_both_protocols(async |_, client| {
        client.rpush(MARKS, [1, 2]).await?;
        client.lpush(MARKS, 5).await?;
        client.linsert(MARKS, Pivot::After(1), 6).await?;
        client.lset(MARKS, 0, 4).await?;

        assert_eq!(client.lrange(MARKS, 0, -1).await?.iter().sum::<i64>(), 4 + 1 + 6 + 2);
        assert_eq!(client.lindex(MARKS, 0).await?.unwrap_or(0) + 1, 5);
        assert_eq!(client.lmove(MARKS, OLD_MARKS, Side::Left, Side::Left).await?.map(i64::is_positive), Some(true));
        assert_eq!(client.rpoplpush(MARKS, "plain").await?.map(i64::is_positive), Some(true));
        let (key, oldest) = client.blpop([OLD_MARKS, MARKS], 1.0).await?.unwrap();
        assert_eq!((key, oldest.pow(2)), ("marks:old".into(), 16));
        assert_eq!(client.lpop_count(MARKS, 5).await?.unwrap().iter().max(), Some(&6));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_transaction_answers_each_command_on_lists_in_its_own_type() {
    in_both_protocols(async |_, client| {
        let hlist_pat![length, first, none, place, places, rest] = client
            .pipeline()
            .rpush("list", ["a", "b", "a"])
            .lpop::<String>("list")
            .lpop_count::<String>("nothing", 2)
            .linsert("list", Pivot::Before("x"), "y")
            .lpos_with("list", "a", LposOptions::new().count(0))
            .lrange::<String>("list", 0, -1)
            .execute()
            .await?;
        assert_eq!((length, first.as_deref(), none, place), (3, Some("a"), None, Inserted::NoPivot));
        assert_eq!((places, rest), (vec![1], vec!["b".to_owned(), "a".to_owned()]));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_the_server_refuses_is_an_error_of_that_command() {
    in_both_protocols(async |_, client| {
        client.set("text", "text").await?;
        let wrong_kind = client.lpush("text", "element").await;
        assert!(matches!(&wrong_kind, Err(Error::Server { at, .. }) if at.name == "LPUSH"), "{wrong_kind:?}");
        let no_list = client.lset("nothing", 0, "element").await;
        assert!(matches!(&no_list, Err(Error::Server { at, .. }) if at.name == "LSET"), "{no_list:?}");
        let no_rank = client.lpos_with("nothing", "a", LposOptions::new().rank(0)).await;
        assert!(matches!(&no_rank, Err(Error::Server { at, .. }) if at.name == "LPOS"), "{no_rank:?}");
        for timeout in [-1.0, f64::NAN, f64::INFINITY] {
            let no_time = client.blpop::<String>("nothing", timeout).await;
            assert!(matches!(&no_time, Err(Error::Server { at, .. }) if at.name == "BLPOP"), "{no_time:?}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn no_elements_and_no_keys_are_refused_before_anything_is_sent() {
    in_both_protocols(async |_, client| {
        let pushed = client.rpush("list", Vec::<String>::new()).await;
        assert!(matches!(&pushed, Err(Error::Argument { at, .. }) if at.name == "RPUSH"), "{pushed:?}");
        let keys: [&str; 0] = [];
        let popped = client.lmpop::<String>(keys, Side::Left).await;
        assert!(matches!(&popped, Err(Error::Argument { at, .. }) if at.name == "LMPOP"), "{popped:?}");
        Ok(())
    })
    .await;
}
