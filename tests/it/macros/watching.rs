//! `pipeline!` with `watch`: immediate reads, the retry loop, and every way to leave the loop.
//!
//! The tests return a result, so that a `?` in a body has somewhere to go.

use crate::support::{self, client, pool_of_one, seen};
use typedis::{Client, Error, Result, Retry, pipeline, prelude::*};

/// An error type of the caller's own.
#[derive(Debug)]
enum Refused {
    Poor(i64),
    Redis(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Redis(error)
    }
}

/// Withdraws `amount` from an account, or fails with an error of the caller.
async fn withdraw(client: &Client, account: String, amount: i64) -> Result<i64, Refused> {
    let (left,) = pipeline! { client =>
        watch(&account);
        let balance = get::<i64>(&account)?.unwrap_or(0);
        if balance < amount {
            return Err(Refused::Poor(balance));
        }
        multi();
        decrby(&account, amount);
    }?;
    Ok(left)
}

#[tokio::test]
async fn reads_run_at_once_and_what_follows_multi_is_queued() -> Result<()> {
    let (server, client) = client().await;
    client.set("sequence", 41).await?;
    client.pipeline().watch("warm").await?.reset().await;
    let monitor = server.monitor().await;
    let replies = pipeline! { client =>
        watch("sequence");
        let current = get::<i64>("sequence")?.unwrap_or(0);
        multi();
        set("sequence", current + 1);
        get::<i64>("sequence");
    }?;
    assert_eq!(replies, ((), Some(42)));
    let expected = ["watch sequence", "get sequence", "multi", "set sequence 42", "get sequence", "exec"];
    assert_eq!(seen(monitor, &server).await, expected);
    Ok(())
}

#[tokio::test]
async fn a_conflict_begins_the_body_again() -> Result<()> {
    let (_server, client) = client().await;
    let (mut tries, key) = (0, String::from("contested"));
    let replies = pipeline! { client =>
        watch(&key);
        let current = get::<i64>(&key)?.unwrap_or(0);
        tries += 1;
        if tries < 4 {
            client.set(&key, current + 10).await?;
        }
        multi();
        set(&key, current + 1);
        get::<i64>(&key);
    }?;
    assert_eq!((tries, replies), (4, ((), Some(31))));
    Ok(())
}

#[tokio::test]
async fn it_stops_at_the_bound_of_its_client() -> Result<()> {
    let (_server, client) = client().await;
    let (mut tries, careful) = (0, client.with_retry(Retry::new().attempts(3)));
    let result = pipeline! { careful =>
        watch("contested");
        tries += 1;
        client.incr("contested").await?;
        multi();
        set("contested", 0);
    };
    assert!(matches!(result, Err(Error::Conflict { attempts: 3 })), "{result:?}");
    assert_eq!((tries, client.get::<i64>("contested").await?), (3, Some(3)));
    Ok(())
}

#[tokio::test]
async fn eight_spawned_tasks_lose_no_update() -> Result<()> {
    let (_server, client) = client().await;
    client.set("account", 200).await?;
    let tasks = [(); 8].map(|()| {
        let client = client.clone();
        tokio::spawn(async move {
            for _ in 0..25 {
                withdraw(&client, "account".into(), 1).await.unwrap();
            }
        })
    });
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(client.get::<i64>("account").await?, Some(0));
    Ok(())
}

#[tokio::test]
async fn it_may_stand_in_the_spawned_block_itself() -> Result<()> {
    let (_server, client) = client().await;
    let key = String::from("direct");
    let task = tokio::spawn(async move {
        pipeline! { client =>
            watch(&key);
            let n = get::<i64>(&key)?.unwrap_or(0);
            multi();
            incrby(&key, n + 1);
        }
    });
    assert_eq!(task.await.unwrap()?, (1,));
    Ok(())
}

#[tokio::test]
async fn an_empty_transaction_still_tells_whether_there_was_a_conflict() -> Result<()> {
    let (_server, client) = client().await;
    let mut tries = 0;
    let () = pipeline! { client =>
        watch("a");
        tries += 1;
        if tries == 1 { client.incr("a").await?; }
        multi()
    }?;
    assert_eq!(tries, 2);
    Ok(())
}

#[tokio::test]
async fn return_leaves_the_function_and_nothing_is_sent_but_unwatch() -> Result<(), Refused> {
    let (server, client) = pool_of_one().await;
    client.set("account", 3).await?;
    client.pipeline().watch("warm").await?.reset().await;
    let monitor = server.monitor().await;
    let refused = withdraw(&client, "account".into(), 5).await;
    assert!(matches!(refused, Err(Refused::Poor(3))), "{refused:?}");
    // The pool has one connection, so these commands use the same one.
    assert_eq!(withdraw(&client, "account".into(), 1).await?, 2);
    let reads = ["watch account", "get account"];
    let expected = [&reads[..], &["unwatch"], &reads, &["multi", "decrby account 1", "exec"]].concat();
    assert_eq!(seen(monitor, &server).await, expected);
    Ok(())
}

#[tokio::test]
async fn a_question_mark_leaves_with_the_error_of_a_read() -> Result<(), Refused> {
    let (_server, client) = pool_of_one().await;
    client.set("account", "text").await?;
    let refused = withdraw(&client, "account".into(), 5).await;
    assert!(matches!(&refused, Err(Refused::Redis(Error::Reply { at, .. })) if at.name == "GET"), "{refused:?}");
    client.set("account", 5).await?;
    assert_eq!(withdraw(&client, "account".into(), 5).await?, 0);
    Ok(())
}

#[tokio::test]
async fn labelled_jumps_reach_the_callers_own_loops() -> Result<()> {
    let (_server, client) = pool_of_one().await;
    client.mset([("empty", 0), ("full", 5)]).await?;
    let mut seen = vec![];
    let found = 'search: {
        'keys: for key in ["missing", "empty", "full", "stop", "never"] {
            let (left,) = pipeline! { client =>
                watch(key);
                seen.push(key);
                if key == "stop" { break 'search "stopped" }
                let Some(value) = get::<i64>(key)? else { continue 'keys };
                if value == 0 { continue 'keys }
                multi();
                decr(key);
            }?;
            assert_eq!((key, left), ("full", 4));
        }
        "went to the end"
    };
    assert_eq!((found, &seen[..]), ("stopped", &["missing", "empty", "full", "stop"][..]));
    Ok(())
}

#[tokio::test]
async fn more_keys_are_watched_by_what_was_read() -> Result<()> {
    let (_server, client) = client().await;
    client.mset([("pointer", "target"), ("target", "5")]).await?;
    let mut tries = 0;
    pipeline! { client =>
        watch("pointer");
        let Some(target) = get::<String>("pointer")? else { panic!("it was set") };
        watch(&target);
        let value = get::<i64>(&target)?.unwrap_or(0);
        tries += 1;
        if tries == 1 { client.set(&target, 7).await?; }
        multi();
        set(&target, value * 2);
    }?;
    assert_eq!(tries, 2, "a write to the key watched second is a conflict");
    assert_eq!(client.get::<i64>("target").await?, Some(14));
    Ok(())
}

#[tokio::test]
async fn statements_and_lets_read_by_the_call_that_they_start_with() -> Result<()> {
    let (_server, client) = client().await;
    client.mset([("pointer", "n"), ("n", "5")]).await?;
    let (counted,) = pipeline! { client =>
        watch("n");
        let value = get::<i64>("n")?.unwrap_or(0) + 1;
        let awaited = get::<i64>("n").await?;
        let refused = get::<i64>("pointer");
        let nested = get::<i64>(get::<String>("pointer").await?.unwrap_or_default())?;
        incr("counted")?;
        incr("counted").await?;
        assert_eq!((value, awaited, nested), (6, Some(5), Some(5)));
        assert!(matches!(refused, Err(Error::Reply { .. })), "without `?` it is a result: {refused:?}");
        multi();
        get::<i64>("counted");
    }?;
    assert_eq!(counted, Some(2));
    Ok(())
}

#[tokio::test]
async fn deeper_in_an_expression_an_await_marks_a_read() -> Result<()> {
    let (_server, client) = client().await;
    client.mset([("a", "one"), ("b", "two"), ("n", "5")]).await?;
    pipeline! { client =>
        watch("n");
        let sum = 1 + get::<i64>("n").await?.unwrap_or(0);
        let chosen = if exists("n").await? == 1 { get::<i64>("n").await? } else { None };
        let doubled = match get::<i64>("n").await? { Some(n) => n * 2, None => 0 };
        let block = { let n = get::<i64>("n").await?; n.map(|n| n + 1) };
        let later = { let read = async { get::<i64>("n").await }; read.await? };
        let text = format!("{:?} {n:?}", get::<String>("a").await?, n = get::<i64>("n").await?);
        let mut texts = vec![];
        for key in ["a", "nothing", "b", "never"] {
            if texts.len() == 2 { break }
            let Some(text) = get::<String>(key).await? else { continue };
            texts.push(text);
        }
        assert_eq!((sum, chosen, doubled, block, later), (6, Some(5), 10, Some(6), Some(5)));
        assert_eq!((text.as_str(), &texts[..]), ("Some(\"one\") Some(5)", &["one".to_owned(), "two".to_owned()][..]));
        multi();
    }
}

fn fee(amount: i64) -> i64 {
    amount / 100
}

#[tokio::test]
async fn functions_closures_and_items_of_the_callers_own_are_no_commands() -> Result<()> {
    let (_server, client) = client().await;
    let (fees,) = pipeline! { client =>
        watch("balance");
        fn doubled(n: i64) -> i64 { n * 2 }
        let balance = get::<i64>("balance")?.unwrap_or(500);
        let by_path = self::fee(balance);
        let by_block = { fee(balance) };
        let closure = |n: i64| doubled(fee(n));
        let by_closure = (closure)(balance);
        multi();
        incrby("fees", by_path + by_block + by_closure + fee(1000));
    }?;
    assert_eq!(fees, 5 + 5 + 10 + 10);
    Ok(())
}

#[tokio::test]
async fn names_of_the_caller_do_not_meet_those_of_the_macro() -> Result<()> {
    let (_server, client) = client().await;
    let (tx, queue, attempts, pipeline, idle, error) = ("tx", 1, 2, 3, 4, "error");
    let replies = pipeline! { client =>
        watch(tx);
        let argument1 = get::<i64>(tx)?.unwrap_or(queue + attempts);
        let tx = get::<String>(error)?.unwrap_or(tx.to_owned());
        let outcome = argument1 + pipeline + idle;
        multi();
        set(error, tx);
        incrby("sum", outcome);
        get::<String>(error);
    }?;
    assert_eq!(replies, ((), 10, Some("tx".to_owned())));
    Ok(())
}

#[tokio::test]
async fn arguments_are_evaluated_again_at_every_attempt() -> Result<()> {
    let (_server, client) = client().await;
    let (mut watched, mut queued) = (0, 0);
    let replies = pipeline! { client =>
        watch({ watched += 1; "a" });
        if watched < 3 { client.incr("a").await?; }
        multi();
        set("b", { queued += 1; queued });
        get::<i64>("b");
    }?;
    assert_eq!((watched, queued, replies), (3, 3, ((), Some(3))));
    Ok(())
}

#[tokio::test]
async fn a_client_behind_any_expression_can_watch() -> Result<()> {
    struct App {
        client: std::sync::Arc<Client>,
    }
    let (_server, client) = client().await;
    let app = App { client: client.clone().into() };
    let (one,) = pipeline! { app.client => watch("n"); multi(); incr("n") }?;
    let (two,) = pipeline! { &client => < watch("n"); multi(); incr("n"); > }?;
    assert_eq!((one, two), (1, 2));
    Ok(())
}

#[tokio::test]
async fn a_connection_lost_at_a_read_is_the_next_attempt() -> Result<()> {
    let (server, client) = client().await;
    let mut tries = 0;
    pipeline! { client =>
        watch("a");
        tries += 1;
        let id = client_id()?;
        if tries < 3 { support::kill(&server, id).await; }
        let n = get::<i64>("a")?.unwrap_or(0);
        multi();
        set("a", n + 1);
    }?;
    assert_eq!((tries, client.get::<i64>("a").await?), (3, Some(1)));
    Ok(())
}

#[tokio::test]
async fn a_connection_lost_at_a_second_watch_is_the_next_attempt() -> Result<()> {
    let (server, client) = client().await;
    let mut tries = 0;
    let (one,) = pipeline! { client =>
        watch("a");
        tries += 1;
        let id = client_id()?;
        if tries == 1 { support::kill(&server, id).await; }
        watch("b");
        multi();
        incr("a");
    }?;
    assert_eq!((tries, one), (2, 1));
    Ok(())
}

#[tokio::test]
async fn a_connection_that_is_lost_at_every_attempt_ends_at_the_bound() -> Result<()> {
    let (server, client) = client().await;
    let (mut tries, careful) = (0, client.with_retry(Retry::new().attempts(4)));
    let result = pipeline! { careful =>
        watch("a");
        tries += 1;
        let id = client_id()?;
        support::kill(&server, id).await;
        let n = get::<i64>("a")?.unwrap_or(0);
        multi();
        set("a", n);
    };
    assert!(matches!(result, Err(Error::Conflict { attempts: 4 })), "{result:?}");
    assert_eq!((tries, client.get::<i64>("a").await?), (4, None));
    Ok(())
}

macro_rules! raised {
    ($client:expr, $key:expr, $by:ident) => {
        pipeline! { $client => watch($key); let n = get::<i64>($key)?.unwrap_or(0); multi(); $by($key, n + 1); }
    };
}

#[tokio::test]
async fn the_body_may_come_out_of_a_macro_by_example() -> Result<()> {
    let (_server, client) = client().await;
    let (one,) = raised!(client, "key", incrby)?;
    let (three,) = raised!(client, "key", incrby)?;
    assert_eq!((one, three), (1, 3));
    Ok(())
}

#[tokio::test]
async fn one_may_stand_inside_of_another() -> Result<()> {
    let (_server, client) = client().await;
    let (outer,) = pipeline! { client =>
        watch("outer");
        let (inner,) = pipeline! { client =>
            watch("inner");
            let n = get::<i64>("inner")?.unwrap_or(0);
            multi();
            incrby("inner", n + 1);
        }?;
        multi();
        incrby("outer", { let (n,) = pipeline! { client => incrby("inner", inner) }?; n });
    }?;
    assert_eq!(outer, 2);
    Ok(())
}
