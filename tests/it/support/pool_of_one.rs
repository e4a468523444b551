//! Cancels a future at each of its awaits in turn, and asserts that its connection returns to the pool clean.

use crate::support::connections;
use typedis::{Client, Config, Outcome, Protocol, prelude::*};
use typedis_testing::{Proxy, Server};

/// A server, a client whose pool has one connection, and perhaps a proxy between them.
pub struct PoolOfOne {
    pub server: Server,
    pub client: Client,
    _proxy: Option<Proxy>,
}

impl PoolOfOne {
    pub async fn direct(protocol: Protocol) -> PoolOfOne {
        let server = Server::start().await;
        let config = Config::from_url(&server.url()).unwrap();
        PoolOfOne::new(server, None, config.protocol(protocol)).await
    }

    /// The client is woken at every single byte of a reply.
    pub async fn trickling(protocol: Protocol) -> PoolOfOne {
        let server = Server::start().await;
        let proxy = Proxy::start(server.addr()).await;
        proxy.trickle_replies();
        let config = Config::from_url(&proxy.url()).unwrap();
        PoolOfOne::new(server, Some(proxy), config.protocol(protocol)).await
    }

    pub async fn new(server: Server, proxy: Option<Proxy>, config: Config) -> PoolOfOne {
        let client = Client::open(config.database(3).client_name("tests").pool_size(1)).await.unwrap();
        PoolOfOne { server, client, _proxy: proxy }
    }
}

/// Runs the body repeatedly, each time dropped one poll later, until it completes. After each run the pool must have a
/// clean connection.
macro_rules! dropped_at_every_await {
    ($pools:expr, |$client:ident| $body:expr) => {
        for pool in $pools.await {
            let $client = &pool.client;
            let mut polls = 1;
            while typedis_testing::drop_after($body, polls).await.is_none() {
                $crate::support::pool_of_one::clean(&pool).await;
                polls += 1;
                assert!(polls < 10_000, "it never ends");
            }
            $crate::support::pool_of_one::clean(&pool).await;
            assert!(polls > 1, "nothing was awaited");
        }
    };
}

pub(crate) use dropped_at_every_await;

/// Asserts that the only connection of the pool is clean.
pub async fn clean(PoolOfOne { server, client, .. }: &PoolOfOne) {
    client.set("guard", 0).await.unwrap();
    let mut tx = client.pipeline().watch("guard").await.unwrap();
    assert_eq!(tx.echo::<String>("mine").await.unwrap(), "mine", "a reply of another's");
    assert_eq!(client.echo::<String>("shared").await.unwrap(), "shared", "a reply of another's");
    // The transaction would conflict if an earlier watch were still in force.
    client.mset([("a", 1), ("b", 2)]).await.unwrap();
    let outcome = tx.multi().incr("guard").echo::<String>("x").execute().await.unwrap();
    assert_eq!(outcome, Outcome::Committed(typedis::hlist![1, "x".to_owned()]));
    for connection in connections(&mut server.raw().await).await {
        assert!(connection.is_idle(), "{connection:?}");
        assert_eq!(connection.get("db"), "3", "{connection:?}");
        assert_eq!(connection.get("name"), "tests", "{connection:?}");
    }
}
