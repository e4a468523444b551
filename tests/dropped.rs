//! A future may be dropped at any of its awaits: the connection that goes back then is clean, or it is closed.

#[macro_use]
#[path = "support/line.rs"]
mod line;
mod support;

use line::{Line, clean};
use support::drop_after;
use typedis::{Protocol, hlist_pat, pipeline, prelude::*};

async fn both_ways() -> Vec<Line> {
    vec![
        Line::direct(Protocol::Resp3).await,
        Line::direct(Protocol::Resp2).await,
        Line::trickling(Protocol::Resp3).await,
        Line::trickling(Protocol::Resp2).await,
    ]
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
async fn a_command_that_blocks() {
    dropped_at_every_await!(both_ways(), |client| async {
        client.rpush("jobs", "one").await?;
        client.blpop::<String>("jobs", 0.0).await
    });
}

#[tokio::test]
async fn a_read_that_is_dropped_leaves_its_pipeline_usable() {
    for protocol in [Protocol::Resp3, Protocol::Resp2] {
        let line = Line::trickling(protocol).await;
        for polls in 1.. {
            let mut tx = line.client.pipeline().watch("a").await.unwrap();
            let done = drop_after(tx.echo::<String>("dropped"), polls).await.is_some();
            assert_eq!(tx.echo::<String>("mine").await.unwrap(), "mine", "after {polls} polls");
            let hlist_pat![one] = tx.multi().incr("n").execute().await.unwrap().committed().unwrap();
            assert_eq!(one, polls as i64);
            clean(&line).await;
            if done {
                break;
            }
        }
    }
}
