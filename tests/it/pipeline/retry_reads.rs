//! `retry_reads`: a pipeline whose type has only reads is sent again when its connection is lost.

use crate::support::seen;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use typedis::{Client, Config, Error, Event, ReadScript, Retry, Script, hlist_pat, pipeline, prelude::*};
use typedis_testing::{Fake, HANG_UP, Proxy, Server};

async fn behind_a_proxy() -> (Server, Proxy, Client) {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let config = Config::from_url(&proxy.url()).unwrap();
    let client = Client::open(config.reconnect_backoff(Duration::ZERO, Duration::ZERO)).await.unwrap();
    client.mset([("a", 1), ("b", 2)]).await.unwrap();
    (server, proxy, client)
}

fn at_once(attempts: u32) -> Retry {
    Retry::new().attempts(attempts).backoff(Duration::ZERO, Duration::ZERO)
}

#[tokio::test]
async fn reads_are_answered_at_whatever_byte_the_reply_is_cut() {
    let (_server, proxy, client) = behind_a_proxy().await;
    let whole = b"+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n$1\r\n1\r\n:1\r\n".len();
    for bytes in 0..whole {
        let before = proxy.connections();
        proxy.cut_reply_after(bytes);
        let reads = client.pipeline().retry_reads(at_once(2)).get::<i64>("a").strlen("b");
        let hlist_pat![a, b] = reads.execute().await.unwrap();
        assert_eq!((a, b), (Some(1), 1));
        assert_eq!(proxy.connections(), before + 1, "cut after {bytes} bytes");
    }
}

#[tokio::test]
async fn reads_are_answered_at_whatever_byte_the_request_is_cut() {
    let (_server, proxy, client) = behind_a_proxy().await;
    let whole = b"*2\r\n$3\r\nGET\r\n$1\r\na\r\n".len();
    for bytes in 0..whole {
        proxy.cut_request_after(bytes);
        let reads = client.pipeline().without_transaction().retry_reads(at_once(2)).get::<i64>("a");
        let hlist_pat![a] = reads.execute().await.unwrap();
        assert_eq!(a, Some(1), "cut after {bytes} bytes");
    }
}

#[tokio::test]
async fn each_when_and_single_results_are_sent_again_too() {
    let (_server, proxy, client) = behind_a_proxy().await;
    client.rpush("list", "x").await.unwrap();
    proxy.cut_reply_after(20);
    let hlist_pat![numbers, none, wrong] = client
        .pipeline()
        .each(["a", "b"], |p, key| p.get::<i64>(key))
        .when(false, |p| p.ttl("a"))
        .get::<i64>("list")
        .retry_reads(at_once(2))
        .execute_each()
        .await
        .unwrap();
    let numbers: Vec<_> = numbers.into_iter().map(Result::unwrap).collect();
    assert_eq!((numbers, none.is_none()), (vec![Some(1), Some(2)], true));
    assert!(wrong.unwrap_err().to_string().contains("WRONGTYPE"));
}

#[tokio::test]
async fn the_macro_sends_again_what_stands_behind_a_resending_pipeline() {
    let (server, proxy, client) = behind_a_proxy().await;
    let monitor = server.monitor().await;
    proxy.cut_reply_after(7);
    let (a, b) = pipeline! { client.pipeline().retry_reads(at_once(2)) => get::<i64>("a"); get::<i64>("b") }.unwrap();
    assert_eq!((a, b), (Some(1), Some(2)));
    let sent: Vec<_> = seen(monitor, &server).await.into_iter().filter(|line| line.starts_with("get")).collect();
    assert_eq!(sent, ["get a", "get b", "get a", "get b"]);
}

#[tokio::test]
async fn it_is_not_sent_more_often_than_the_retry_says() {
    let sent = Arc::new(AtomicUsize::new(0));
    let seen = sent.clone();
    let fake = Fake::commands(move |command| match command[0].as_str() {
        "HELLO" => b"%1\r\n$5\r\nproto\r\n:3\r\n".to_vec(),
        "EXEC" if seen.fetch_add(1, Ordering::Relaxed) % 2 == 1 => HANG_UP.to_vec(),
        "EXEC" => b"*0\r\n".to_vec(),
        "GET" => b"+QUEUED\r\n".to_vec(),
        _ => b"+OK\r\n".to_vec(),
    })
    .await;
    let config = Config::from_url(&fake.url()).unwrap();
    let client = Client::open(config.reconnect_backoff(Duration::ZERO, Duration::ZERO)).await.unwrap();
    for attempts in [1, 4] {
        let before = sent.load(Ordering::Relaxed) / 2;
        let lost = client.pipeline().retry_reads(at_once(attempts)).get::<i64>("a").execute().await;
        assert!(matches!(lost, Err(Error::OutcomeUnknown { .. })), "{lost:?}");
        assert_eq!(sent.load(Ordering::Relaxed) / 2 - before, attempts as usize);
    }
    assert_eq!(client.metrics().retries, 3);
}

#[tokio::test]
async fn a_server_that_is_away_is_waited_for_once_and_not_once_an_attempt() {
    let (server, proxy, _) = behind_a_proxy().await;
    let config = Config::from_url(&proxy.url()).unwrap().response_timeout(Duration::from_millis(100));
    let client = Client::open(config).await.unwrap();
    let mut events = client.events();
    drop(server);
    proxy.disconnect_all().await;
    assert!(matches!(events.next().await, Some(Event::Lost { .. })));
    let before = client.metrics();
    let lost = client.pipeline().retry_reads(at_once(64)).get::<i64>("a").execute().await;
    assert!(matches!(lost, Err(Error::Unavailable { .. })), "{lost:?}");
    assert_eq!(client.metrics().retries, before.retries);
}

#[tokio::test]
async fn an_error_of_the_server_is_no_lost_connection() {
    let (server, _proxy, client) = behind_a_proxy().await;
    let monitor = server.monitor().await;
    let error = client.pipeline().retry_reads(at_once(5)).llen("a").execute().await.unwrap_err();
    assert!(matches!(error, Error::Server { .. }), "{error:?}");
    assert_eq!(seen(monitor, &server).await, ["multi", "llen a", "exec"]);
}

#[tokio::test]
async fn a_script_that_only_reads_is_loaded_anew_and_sent_again() {
    let (_server, proxy, client) = behind_a_proxy().await;
    if client.info_section("server").await.unwrap().contains("redis_version:6") {
        return println!("skipped: scripts that only read came with 7.0");
    }
    let sum: ReadScript<i64> =
        Script::new("return redis.call('GET', KEYS[1]) + redis.call('GET', KEYS[2])").read_only();
    assert_eq!(client.script_ro(&sum, ["a", "b"], ()).await.unwrap(), 3);
    client.script_flush().await.unwrap();
    proxy.cut_reply_after(3);
    let hlist_pat![three] =
        client.pipeline().retry_reads(at_once(2)).script_ro(&sum, ["a", "b"], ()).execute().await.unwrap();
    assert_eq!(three, 3);
}
