//! A future may be dropped at any of its awaits: the connection that goes back then is clean, or it is closed.

mod support;

use support::{connections, drop_after};
use typedis::{Client, Config, Outcome, Protocol, hlist_pat, pipeline, prelude::*};
use typedis_testing::{Proxy, Server};

/// A server, a client whose pool has one connection, and what stands between them.
struct Line {
    server: Server,
    client: Client,
    _proxy: Option<Proxy>,
}

impl Line {
    async fn direct(protocol: Protocol) -> Line {
        let server = Server::start().await;
        let client = Client::open(config(&server.url(), protocol)).await.unwrap();
        Line { server, client, _proxy: None }
    }

    /// The client is woken at every single byte of a reply.
    async fn trickling(protocol: Protocol) -> Line {
        let server = Server::start().await;
        let proxy = Proxy::start(server.addr()).await;
        proxy.trickle_replies();
        let client = Client::open(config(&proxy.url(), protocol)).await.unwrap();
        Line { server, client, _proxy: Some(proxy) }
    }
}

fn config(url: &str, protocol: Protocol) -> Config {
    Config::from_url(url).unwrap().database(3).client_name("tests").pool_size(1).protocol(protocol)
}

/// Runs the body again and again, each time dropped one poll later, until it ends by itself. After each, the pool of one
/// must have a connection that is clean.
macro_rules! dropped_at_every_await {
    (|$client:ident| $body:expr) => {
        for line in [
            Line::direct(Protocol::Resp3).await,
            Line::direct(Protocol::Resp2).await,
            Line::trickling(Protocol::Resp3).await,
            Line::trickling(Protocol::Resp2).await,
        ] {
            let $client = &line.client;
            let mut polls = 1;
            while drop_after($body, polls).await.is_none() {
                clean(&line).await;
                polls += 1;
                assert!(polls < 10_000, "it never ends");
            }
            clean(&line).await;
            assert!(polls > 1, "nothing was awaited");
        }
    };
}

async fn clean(Line { server, client, .. }: &Line) {
    client.set("guard", 0).await.unwrap();
    let mut tx = client.pipeline().watch("guard").await.unwrap();
    assert_eq!(tx.echo::<String>("mine").await.unwrap(), "mine", "a reply of another's");
    assert_eq!(client.echo::<String>("shared").await.unwrap(), "shared", "a reply of another's");
    // These would be conflicts if an earlier watch were still there.
    client.mset([("a", 1), ("b", 2)]).await.unwrap();
    let outcome = tx.multi().incr("guard").echo::<String>("x").execute().await.unwrap();
    assert_eq!(outcome, Outcome::Committed(typedis::hlist![1, "x".to_owned()]));
    for connection in connections(&mut server.raw().await).await {
        assert_eq!((connection.get("flags"), connection.get("multi")), ("N", "-1"), "{connection:?}");
        assert_eq!(connection.get("db"), "3", "{connection:?}");
        assert_eq!(connection.get("name"), "tests", "{connection:?}");
    }
}

#[tokio::test]
async fn a_watched_transaction() {
    dropped_at_every_await!(|client| async {
        let mut tx = client.pipeline().watch(["a", "b"]).await?;
        let a = tx.get::<i64>("a").await?;
        let tx = tx.watch("c").await?;
        tx.multi().set("c", a.unwrap_or(0)).incr("d").execute().await
    });
}

#[tokio::test]
async fn giving_up() {
    dropped_at_every_await!(|client| async {
        let idle = client.pipeline().watch("a").await?.unwatch().await;
        let idle = idle.watch("a").await?.multi().incr("a").discard().await;
        typedis::Result::<_>::Ok(idle.watch("a").await?.reset().await.reset().await)
    });
}

#[tokio::test]
async fn the_retry_helper() {
    dropped_at_every_await!(|client| client.transaction("a", |mut tx| async move {
        let a = tx.get::<i64>("a").await?.unwrap_or(0);
        Ok(tx.multi().set("a", a + 1))
    }));
}

#[tokio::test]
async fn the_macro() {
    dropped_at_every_await!(|client| async {
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
    dropped_at_every_await!(|client| client.incr("x"));
    dropped_at_every_await!(|client| client.pipeline().incr("x").echo::<String>("y").execute());
    dropped_at_every_await!(|client| client.pipeline().without_transaction().incr("x").execute_each());
}

#[tokio::test]
async fn a_command_that_blocks() {
    dropped_at_every_await!(|client| async {
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
