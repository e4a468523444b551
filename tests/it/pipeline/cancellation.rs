//! Cancel safety: when a future is dropped at any of its awaits, its connection returns to the pool clean, or is
//! closed.

use crate::support::connections;
use crate::support::pool_of_one::{PoolOfOne, clean, dropped_at_every_await};
use std::sync::atomic::{AtomicUsize, Ordering};
use typedis::{Client, Config, Event, Protocol, Retry, Script, hlist_pat, pipeline, prelude::*};
use typedis_testing::drop_after;

async fn both_ways() -> Vec<PoolOfOne> {
    let mut pools = direct().await;
    pools.extend([PoolOfOne::trickling(Protocol::Resp3).await, PoolOfOne::trickling(Protocol::Resp2).await]);
    pools
}

/// Connections without the proxy, for bodies that would take too long byte by byte.
async fn direct() -> Vec<PoolOfOne> {
    vec![PoolOfOne::direct(Protocol::Resp3).await, PoolOfOne::direct(Protocol::Resp2).await]
}

#[tokio::test]
async fn a_watched_transaction() {
    dropped_at_every_await!(both_ways(), |client| async {
        let mut tx = client.pipeline().watch(["a", "b"]).await?;
        let a = tx.get::<i64>("a").await?;
        let tx = tx.watch("c").await?;
        tx.multi().set("c", a.unwrap_or(0)).incr("d").execute().await
    });
}

#[tokio::test]
async fn giving_up() {
    dropped_at_every_await!(both_ways(), |client| async {
        let idle = client.pipeline().watch("a").await?.unwatch().await;
        let idle = idle.watch("a").await?.multi().incr("a").discard().await;
        typedis::Result::<_>::Ok(idle.watch("a").await?.reset().await.reset().await)
    });
}

#[tokio::test]
async fn the_retry_helper() {
    dropped_at_every_await!(both_ways(), |client| client.transaction("a", |mut tx| async move {
        let a = tx.get::<i64>("a").await?.unwrap_or(0);
        Ok(tx.multi().set("a", a + 1))
    }));
}

#[tokio::test]
async fn the_macro() {
    dropped_at_every_await!(both_ways(), |client| async {
        let replies = pipeline! { client =>
            watch("a");
            let a = get::<i64>("a")?.unwrap_or(0);
            watch("b");
            multi();
            set("a", a + 1);
            incr("d");
        }?;
        typedis::Result::<_>::Ok(replies)
    });
}

#[tokio::test]
async fn what_is_shared() {
    dropped_at_every_await!(both_ways(), |client| client.incr("x"));
    dropped_at_every_await!(both_ways(), |client| client.pipeline().incr("x").echo::<String>("y").execute());
    dropped_at_every_await!(both_ways(), |client| client.pipeline().without_transaction().incr("x").execute_each());
}

#[tokio::test]
async fn what_is_prepared_sent_again_or_tried_again() {
    let batch = pipeline! { incr("x"); echo::<String>("y") };
    dropped_at_every_await!(both_ways(), |client| batch.execute(client));
    dropped_at_every_await!(both_ways(), |client| async { batch.execute(client.pipeline().watch("a").await?).await });
    let retry = Retry::new();
    dropped_at_every_await!(both_ways(), |client| client.pipeline().retry_reads(retry).get::<i64>("x").execute());
    dropped_at_every_await!(both_ways(), |client| client.try_transaction("a", |mut tx| async move {
        let a = tx.get::<i64>("a").await?.unwrap_or(0);
        typedis::Result::<_>::Ok(tx.multi().set("a", a + 1))
    }));
}

#[tokio::test]
async fn scripts_that_are_loaded_first() {
    let number = AtomicUsize::new(0);
    // A script that no connection has loaded.
    let script = || {
        let number = number.fetch_add(1, Ordering::Relaxed);
        Script::<i64>::new(format!("return redis.call('INCR', 'x') + {number}"))
    };
    dropped_at_every_await!(direct(), |client| async {
        let (one, other) = (script(), script());
        client.script(&one, (), ()).await?;
        client.pipeline().script(&other, (), ()).incr("x").execute().await
    });
}

#[tokio::test]
async fn what_waits_for_a_connection() {
    for pool in direct().await {
        for polls in 1.. {
            let mut events = pool.client.events();
            pool.server.raw().await.command(["CLIENT", "KILL", "TYPE", "normal"]).await;
            while !matches!(events.next().await, Some(Event::Lost { .. })) {}
            let client = &pool.client;
            let done = drop_after(
                async {
                    client.incr("x").await?;
                    client.pipeline().incr("x").execute().await?;
                    client.pipeline().watch("a").await?.multi().incr("x").execute().await
                },
                polls,
            );
            let done = done.await;
            clean(&pool).await;
            if let Some(ended) = done {
                ended.unwrap().committed().unwrap();
                assert!(polls > 3, "nothing was awaited");
                break;
            }
        }
    }
}

#[tokio::test]
async fn connecting_closing_and_listening() {
    let pool = PoolOfOne::direct(Protocol::Resp3).await;
    let config = Config::from_url(&pool.server.url()).unwrap().client_name("brief");
    for polls in 1.. {
        let done = drop_after(
            async {
                let client = Client::open(config.clone()).await?;
                let mut events = client.events();
                client.pipeline().watch("a").await?.multi().incr("x").execute().await?.committed()?;
                tokio::join!(client.close(), events.next());
                typedis::Result::<_>::Ok(())
            },
            polls,
        );
        let done = done.await;
        let mut raw = pool.server.raw().await;
        while connections(&mut raw).await.iter().any(|connection| connection.get("name") == "brief") {
            tokio::task::yield_now().await;
        }
        clean(&pool).await;
        if let Some(ended) = done {
            ended.unwrap();
            break;
        }
    }
}

#[tokio::test]
async fn a_command_that_blocks() {
    dropped_at_every_await!(both_ways(), |client| async {
        client.rpush("jobs", "one").await?;
        client.blpop::<String>("jobs", 0.0).await
    });
}

#[tokio::test]
async fn a_read_that_is_dropped_leaves_its_pipeline_usable() {
    for protocol in [Protocol::Resp3, Protocol::Resp2] {
        let pool = PoolOfOne::trickling(protocol).await;
        for polls in 1.. {
            let mut tx = pool.client.pipeline().watch("a").await.unwrap();
            let done = drop_after(tx.echo::<String>("dropped"), polls).await.is_some();
            assert_eq!(tx.echo::<String>("mine").await.unwrap(), "mine", "after {polls} polls");
            let hlist_pat![one] = tx.multi().incr("n").execute().await.unwrap().committed().unwrap();
            assert_eq!(one, polls as i64);
            clean(&pool).await;
            if done {
                break;
            }
        }
    }
}
