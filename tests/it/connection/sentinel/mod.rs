//! A primary that Sentinels name: how it is found, and how it is left for another one.

mod bad_input;
mod live;
mod replicas;
mod switches;

use crate::support::connections;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use typedis::{Client, Config, Protocol, prelude::*};
use typedis_testing::{ClosedPort, FakeSentinel, Raw, Server};

const NAME: &str = "mymaster";

fn url(sentinels: &[SocketAddr]) -> String {
    let hosts: Vec<String> = sentinels.iter().map(SocketAddr::to_string).collect();
    format!("redis+sentinel://{}/{NAME}", hosts.join(","))
}

fn config(sentinels: &[SocketAddr]) -> Config {
    Config::from_url(&url(sentinels)).unwrap().reconnect_backoff(Duration::from_millis(1), Duration::from_millis(20))
}

/// A server, and a Sentinel that names it as the primary.
async fn set() -> (Server, FakeSentinel) {
    let server = Server::start().await;
    let sentinel = FakeSentinel::start(NAME, server.addr()).await;
    (server, sentinel)
}

async fn make_replica(server: &Server, of: &Server) {
    let port = of.port().to_string();
    assert!(!server.raw().await.command(["REPLICAOF", "127.0.0.1", &port]).await.is_error());
}

async fn value(server: &Server, key: &str) -> String {
    server.raw().await.command(["GET", key]).await.text()
}

#[tokio::test]
async fn an_ordinary_client_works_on_the_primary_that_is_named() {
    let (server, sentinel) = set().await;
    for protocol in [Protocol::Resp3, Protocol::Resp2] {
        let config = config(&[sentinel.addr()]).database(3).client_name("by-sentinel").protocol(protocol);
        let client = Client::open(config).await.unwrap();
        client.set("k", 1).await.unwrap();
        let tx = client.pipeline().watch("k").await.unwrap();
        tx.multi().incr("k").execute().await.unwrap().committed().unwrap();
        assert_eq!(client.get::<i64>("k").await.unwrap(), Some(2));
        let open = connections(&mut server.raw().await).await;
        let ours = open.iter().filter(|fields| fields.get("name") == "by-sentinel" && fields.get("db") == "3");
        assert_eq!(ours.count(), 2, "{open:?}");
        client.close().await;
    }
    let asked = sentinel.commands();
    let known = ["HELLO", "CLIENT", "PING", "SENTINEL", "SUBSCRIBE"];
    assert!(asked.iter().all(|command| known.contains(&&*command[0])), "{asked:?}");
}

#[tokio::test]
async fn servers_and_sentinels_have_logins_of_their_own() {
    let (server, sentinel) = set().await;
    let mut raw = server.raw().await;
    raw.command(["ACL", "SETUSER", "ada", "on", ">of-server", "~*", "&*", "+@all"]).await;
    for (user, knows_hello) in [("sen", true), ("sen", false), ("default", true), ("default", false)] {
        sentinel.requires(user, "of-sentinel");
        if !knows_hello {
            sentinel.forgets_hello();
        }
        let config = config(&[sentinel.addr()]).username("ada").password("of-server").sentinel_password("of-sentinel");
        let config = if user == "default" { config } else { config.sentinel_username(user) };
        let client = Client::open(config).await.unwrap();
        assert_eq!(client.ping().await.unwrap(), "PONG");
        sentinel.has_subscriber().await;
        let users = connections(&mut raw).await;
        assert!(users.iter().any(|fields| fields.get("user") == "ada"), "{users:?}");
        client.close().await;
    }
}

#[tokio::test]
async fn any_sentinel_that_answers_is_enough() {
    let (_server, sentinel) = set().await;
    let frozen = FakeSentinel::start(NAME, sentinel.addr()).await;
    frozen.freeze();
    let unknowing = FakeSentinel::start("another", sentinel.addr()).await;
    let closed = ClosedPort::new();
    let began = Instant::now();
    let all = [closed.addr(), frozen.addr(), unknowing.addr(), sentinel.addr()];
    let client = Client::open(config(&all)).await.unwrap();
    client.set("k", 1).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    // The one that has answered is asked first from then on.
    let asked = frozen.commands().len();
    client.pipeline().watch("k").await.unwrap().reset().await;
    drop(client);
    assert_eq!(frozen.commands().len(), asked);
}

#[tokio::test]
async fn sentinels_that_others_name_are_asked_too() {
    let (server, first) = set().await;
    let second = FakeSentinel::start(NAME, server.addr()).await;
    first.knows(&[second.addr()]);
    for protocol in [Protocol::Resp3, Protocol::Resp2] {
        let client = Client::open(config(&[first.addr()]).protocol(protocol)).await.unwrap();
        first.freeze();
        let before = second.questions();
        let mut raw = server.raw().await;
        raw.command(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]).await;
        client.set("k", 1).await.unwrap();
        assert!(second.questions() > before, "{protocol:?}");
        first.thaw();
        client.close().await;
    }
}

#[tokio::test]
async fn what_a_sentinel_says_is_believed_only_of_a_primary() {
    let (old, new) = (Server::start().await, Server::start().await);
    make_replica(&old, &new).await;
    let sentinel = FakeSentinel::start(NAME, new.addr()).await;
    for protocol in [Protocol::Resp3, Protocol::Resp2] {
        // The address of a replica, of nothing, and of the Sentinel itself.
        for lie in [old.addr(), old.addr(), ClosedPort::new().addr(), sentinel.addr()] {
            sentinel.names_once(lie);
        }
        let client = Client::open(config(&[sentinel.addr()]).protocol(protocol)).await.unwrap();
        client.set("k", "new").await.unwrap();
        assert_eq!(value(&new, "k").await, "new");
        assert_eq!(client.metrics().connections, 1);
        client.close().await;
    }
}

#[tokio::test]
async fn another_sentinel_is_asked_where_one_keeps_to_the_old_primary() {
    let (old, new) = (Server::start().await, Server::start().await);
    make_replica(&old, &new).await;
    let stale = FakeSentinel::start(NAME, old.addr()).await;
    let sentinel = FakeSentinel::start(NAME, new.addr()).await;
    let client = Client::open(config(&[stale.addr(), sentinel.addr()])).await.unwrap();
    client.set("k", "new").await.unwrap();
    assert_eq!(value(&new, "k").await, "new");
    assert!(stale.questions() > 0);
}

/// HELLO tells the role too, which a user may need no right for.
#[tokio::test]
async fn a_user_without_the_right_to_role_leaves_a_replica_too() {
    let (old, new) = (Server::start().await, Server::start().await);
    for server in [&old, &new] {
        let user = ["ACL", "SETUSER", "ada", "on", ">pw", "~*", "+@all", "-role"];
        assert!(!server.raw().await.command(user).await.is_error());
    }
    make_replica(&old, &new).await;
    let sentinel = FakeSentinel::start(NAME, new.addr()).await;
    sentinel.names_once(old.addr());
    let client = Client::open(config(&[sentinel.addr()]).username("ada").password("pw")).await.unwrap();
    client.set("k", "new").await.unwrap();
    assert_eq!(value(&new, "k").await, "new");
}

#[tokio::test]
async fn nothing_is_left_of_a_client_that_was_closed() {
    let (server, sentinel) = set().await;
    let client = Client::open(config(&[sentinel.addr()])).await.unwrap();
    sentinel.has_subscriber().await;
    client.close().await;
    sentinel.has_no_connection().await;
    let client = Client::open(config(&[sentinel.addr()])).await.unwrap();
    sentinel.has_subscriber().await;
    drop(client);
    sentinel.has_no_connection().await;
    let mut raw: Raw = server.raw().await;
    while !connections(&mut raw).await.is_empty() {}
}
