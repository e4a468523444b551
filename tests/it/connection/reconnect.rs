//! The shared connection reconnects by itself, and requests that were not written wait for it.

use crate::support::proxied::{ProxiedClient, TIMEOUT};
use crate::support::{connections, kill};
use std::time::{Duration, Instant};
use tokio::{
    task::{JoinSet, yield_now},
    time::sleep,
};
use typedis::{Client, Config, Error, Event, Outcome, error::TimeoutKind, hlist, prelude::*};
use typedis_testing::{Fake, Frame, HANG_UP, Proxy, Server, drop_after};

// Requests that wait.

#[tokio::test]
async fn callers_wait_for_a_server_that_restarts_and_none_is_lost_or_doubled() {
    let server = Server::start().await;
    let client = Client::connect(&server.url()).await.unwrap();
    let mut events = client.events();
    server.kill9();
    assert!(matches!(events.next().await, Some(Event::Lost { .. })));
    let mut callers = JoinSet::new();
    for caller in 0..50 {
        let client = client.clone();
        callers.spawn(async move {
            match caller % 3 {
                0 => client.incr("n").await.map(drop),
                1 => client.pipeline().incr("n").execute().await.map(drop),
                _ => client.pipeline().without_transaction().incr("n").execute().await.map(drop),
            }
        });
    }
    while client.metrics().in_flight < 50 {
        yield_now().await;
    }
    assert_eq!(client.metrics().queued, 50);
    server.restart().await;
    for outcome in callers.join_all().await {
        outcome.unwrap();
    }
    assert_eq!(client.get::<i64>("n").await.unwrap(), Some(50));
    let metrics = client.metrics();
    assert_eq!((metrics.reconnects, metrics.unknown_outcomes), (1, 0));
    assert_eq!((metrics.in_flight, metrics.queued, metrics.queued_bytes), (0, 0, 0));
}

#[tokio::test]
async fn a_caller_waits_no_longer_than_its_timeout_and_is_told_why() {
    let mut proxied = ProxiedClient::new(|config| config.response_timeout(TIMEOUT)).await;
    proxied.cut_off().await;
    let error = proxied.client.incr("n").await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { after: TIMEOUT, .. }), "{error:?}");
    assert!(!error.may_have_run());
    assert!(
        error
            .to_string()
            .starts_with("there was no connection for 300ms, so nothing was sent: cannot connect to 127.0.0.1:"),
        "{error}"
    );
    proxied.restore();
    assert_eq!(proxied.client.incr("n").await.unwrap(), 1, "the first one was not sent after all");
}

#[tokio::test]
async fn the_timeout_of_a_caller_is_its_own_after_another_ones_too() {
    let limit = Duration::from_secs(1);
    let proxied = ProxiedClient::new(|config| config.response_timeout(limit)).await;
    proxied.server.freeze();
    // The second request follows the first at once, before the silent server is given up.
    for _ in 0..2 {
        // On a busy machine a timer of the test is as late as that of the client.
        let call = async { (proxied.client.incr("n").await.unwrap_err(), Instant::now()) };
        let limit = async { (sleep(limit).await, Instant::now()) };
        let ((error, ended), ((), due)) = tokio::join!(call, limit);
        assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Response, .. }), "{error:?}");
        assert!(ended < due + Duration::from_millis(800), "{:?} late", ended - due);
    }
    proxied.server.thaw();
}

#[tokio::test]
async fn a_read_under_watch_that_is_late_has_written_nothing() {
    let proxied = ProxiedClient::new(|config| config.response_timeout(TIMEOUT)).await;
    let mut tx = proxied.client.pipeline().watch("a").await.unwrap();
    proxied.server.freeze();
    let error = tx.get::<i64>("a").await.unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::WatchedRead, .. }), "{error:?}");
    assert!(!error.may_have_run() && error.to_string().contains("safe to watch again"), "{error}");
    assert_eq!(proxied.client.metrics().unknown_outcomes, 0);
    proxied.server.thaw();
}

#[tokio::test]
async fn who_has_left_meanwhile_sends_nothing() {
    let mut proxied = ProxiedClient::new(|config| config).await;
    proxied.cut_off().await;
    assert!(drop_after(proxied.client.incr("n"), 1).await.is_none());
    let behind = tokio::spawn({
        let client = proxied.client.clone();
        async move { client.incr("n").await }
    });
    proxied.in_flight(1).await;
    proxied.restore();
    assert_eq!(behind.await.unwrap().unwrap(), 1);
}

#[tokio::test]
async fn while_the_server_is_away_the_queue_has_a_bound() {
    let mut proxied = ProxiedClient::new(|config| config.max_queued_bytes(1000).max_waiting_bytes(0)).await;
    proxied.cut_off().await;
    let mut waiting = JoinSet::new();
    let error = loop {
        let client = proxied.client.clone();
        let before = client.metrics().in_flight;
        waiting.spawn(async move { client.append("n", "x").await });
        yield_now().await;
        if proxied.client.metrics().in_flight == before {
            break waiting.join_next().await.unwrap().unwrap().unwrap_err();
        }
    };
    let Error::QueueFull { waiting: bytes, limit: 1000 } = error else { panic!("{error:?}") };
    assert!((900..=1000).contains(&bytes) && proxied.client.metrics().queued_bytes == bytes, "{bytes}");
    assert!(error.to_string().contains("raise `max_queued_bytes`") && !error.may_have_run(), "{error}");
    proxied.restore();
    let accepted = waiting.len();
    assert!(waiting.join_all().await.into_iter().all(|reply| reply.is_ok()));
    assert_eq!(proxied.client.strlen("n").await.unwrap(), accepted as u64);
}

#[tokio::test]
async fn who_has_left_takes_no_room_in_the_queue() {
    let mut proxied = ProxiedClient::new(|config| config.max_queued_bytes(1000)).await;
    proxied.cut_off().await;
    let patient = tokio::spawn({
        let client = proxied.client.clone();
        async move { client.incr("n").await }
    });
    proxied.in_flight(1).await;
    for _ in 0..200 {
        assert!(drop_after(proxied.client.incr("n"), 1).await.is_none());
    }
    assert_eq!(proxied.client.metrics().in_flight, 1);
    proxied.restore();
    assert_eq!(patient.await.unwrap().unwrap(), 1);
}

#[tokio::test]
async fn before_a_frozen_server_the_queue_has_a_bound() {
    let proxied = ProxiedClient::new(|config| config.max_queued_bytes(100_000).max_waiting_bytes(0)).await;
    proxied.server.freeze();
    let value = "x".repeat(10_000);
    let mut waiting = JoinSet::new();
    // Bytes in the socket buffers are not in the queue.
    while waiting.is_empty() || proxied.client.metrics().queued_bytes < 90_000 {
        let (client, value) = (proxied.client.clone(), value.clone());
        waiting.spawn(async move { client.append("a", value).await });
        yield_now().await;
    }
    let error = proxied.client.append("a", &value).await.unwrap_err();
    assert!(matches!(error, Error::QueueFull { limit: 100_000, .. }), "{error:?}");
    proxied.server.thaw();
    let accepted = waiting.len() * value.len();
    assert!(waiting.join_all().await.into_iter().all(|reply| reply.is_ok()));
    assert_eq!(proxied.client.strlen("a").await.unwrap(), accepted as u64);
}

#[tokio::test]
async fn a_value_larger_than_the_bound_is_sent_when_nothing_waits() {
    let proxied = ProxiedClient::new(|config| config.max_queued_bytes(1000)).await;
    proxied.client.set("a", "x".repeat(1_000_000)).await.unwrap();
    assert_eq!(proxied.client.strlen("a").await.unwrap(), 1_000_000);
}

// The new connection.

#[tokio::test]
async fn the_new_connection_is_greeted_as_the_first_was() {
    let server = Server::start().await;
    let words = ["ACL", "SETUSER", "guest", "on", ">secret", "~*", "+@all"];
    assert!(!server.raw().await.command(words).await.is_error());
    for protocol in [typedis::Protocol::Resp3, typedis::Protocol::Resp2] {
        let config = Config::from_url(&server.url()).unwrap().username("guest").password("secret").database(3);
        let client = Client::open(config.client_name("worker").protocol(protocol)).await.unwrap();
        let mut events = client.events();
        let id = client.client_id().await.unwrap();
        kill(&server, id).await;
        assert!(matches!(events.next().await, Some(Event::Lost { .. })));
        assert!(matches!(events.next().await, Some(Event::Connected { reconnects: 1, .. })));
        assert_ne!(client.client_id().await.unwrap(), id);
        client.echo::<String>("whose last command is not CLIENT").await.unwrap();
        let connections = connections(&mut server.raw().await).await;
        let [connection] = &connections[..] else { panic!("{connections:?}") };
        let found = ["name", "db", "user"].map(|field| connection.get(field));
        assert_eq!(found, ["worker", "3", "guest"], "{connection:?}");
        let resp = if protocol == typedis::Protocol::Resp3 { "3" } else { "2" };
        // Servers before 7.0 do not report it.
        assert!([resp, ""].contains(&connection.get("resp")), "{connection:?}");
    }
}

#[tokio::test]
async fn a_transaction_that_waits_is_not_sent_where_multi_is_refused_by_now() {
    let server = Server::start().await;
    let acl = async |rule: &str| {
        let words = ["ACL", "SETUSER", "guest", "on", ">secret", "~*", "+@all", rule];
        assert_eq!(server.raw().await.command(words).await, Frame::Simple("OK".into()));
    };
    acl("+multi").await;
    let proxy = Proxy::start(server.addr()).await;
    let config = Config::from_url(&proxy.url()).unwrap().username("guest").password("secret");
    let client = Client::open(config).await.unwrap();
    let mut proxied =
        ProxiedClient { events: client.events(), server: Server::start().await, proxy, client, closed_port: None };
    proxied.cut_off().await;
    let waiting = tokio::spawn({
        let client = proxied.client.clone();
        async move { tokio::join!(client.pipeline().incr("atomic").execute(), client.incr("plain")) }
    });
    proxied.in_flight(2).await;
    acl("-multi").await;
    proxied.proxy.forward_to(server.addr());
    let (atomic, plain) = waiting.await.unwrap();
    let error = atomic.unwrap_err();
    assert!(
        matches!(&error, Error::Server { at, error } if at.name == "MULTI" && error.code() == "NOPERM"),
        "{error:?}"
    );
    assert_eq!(plain.unwrap(), 1);
    assert_eq!(proxied.client.get::<i64>("atomic").await.unwrap(), None, "it did not run one by one");
}

#[tokio::test]
async fn a_password_that_was_changed_is_told_at_once() {
    let mut proxied = ProxiedClient::new(|config| config.response_timeout(Duration::from_secs(3600))).await;
    proxied.cut_off().await;
    let waiting = tokio::spawn({
        let client = proxied.client.clone();
        async move { client.incr("n").await.unwrap_err() }
    });
    proxied.in_flight(1).await;
    let reply = proxied.server.raw().await.command(["CONFIG", "SET", "requirepass", "another"]).await;
    assert_eq!(reply, Frame::Simple("OK".into()));
    proxied.restore();
    let error = waiting.await.unwrap();
    assert!(matches!(&error, Error::Handshake { error, .. } if error.code() == "NOAUTH"), "{error:?}");
}

#[tokio::test]
async fn a_server_that_loads_its_data_is_waited_for() {
    let mut loads = 0;
    let fake = Fake::commands(move |command| match command[0].as_str() {
        "HELLO" => b"%1\r\n$5\r\nproto\r\n:3\r\n".to_vec(),
        "PING" => {
            loads += 1;
            let loading: &[u8] = b"-LOADING Redis is loading the dataset in memory\r\n";
            if (2..5).contains(&loads) { loading } else { b"+PONG\r\n" }.to_vec()
        }
        "MULTI" => b"+OK\r\n".to_vec(),
        "EXEC" => b"*0\r\n".to_vec(),
        "GET" => b"$1\r\n1\r\n".to_vec(),
        _ => HANG_UP.to_vec(),
    })
    .await;
    let config = Config::from_url(&fake.url()).unwrap();
    let client = Client::open(config.clone()).await.unwrap();
    client.incr("ends the connection").await.unwrap_err();
    assert_eq!(client.get::<i64>("a").await.unwrap(), Some(1));
    assert_eq!(client.metrics().connect_failures, 3);
}

// Attempts to connect.

#[tokio::test]
async fn of_all_who_wait_one_knocks() {
    let mut proxied = ProxiedClient::new(|config| config.pool_size(50)).await;
    proxied.cut_off().await;
    let before = proxied.proxy.connections();
    let mut callers = JoinSet::new();
    for caller in 0..100 {
        let client = proxied.client.clone();
        callers.spawn(async move {
            match caller % 2 {
                0 => client.incr("n").await.map(drop),
                _ => client.transaction("w", |tx| async move { Ok(tx.multi().incr("n")) }).await.map(drop),
            }
        });
    }
    proxied.in_flight(50).await;
    let failed = loop {
        if let Some(Event::ConnectFailed { attempts: attempts @ 5.., error, .. }) = proxied.events.next().await {
            assert!(matches!(error, Error::Connect { .. }), "{error:?}");
            break attempts as usize;
        }
    };
    assert!(
        proxied.proxy.connections() - before <= failed + 1,
        "{} for {failed}",
        proxied.proxy.connections() - before
    );
    proxied.restore();
    for outcome in callers.join_all().await {
        outcome.unwrap();
    }
    assert_eq!(proxied.client.get::<i64>("n").await.unwrap(), Some(100));
}

#[tokio::test]
async fn a_server_that_greets_and_hangs_up_is_left_alone_for_longer_each_time() {
    let fake = Fake::commands(|command| match command[0].as_str() {
        "HELLO" => b"%1\r\n$5\r\nproto\r\n:3\r\n".to_vec(),
        "PING" | "MULTI" => b"+OK\r\n".to_vec(),
        "EXEC" => b"*0\r\n".to_vec(),
        _ => HANG_UP.to_vec(),
    })
    .await;
    let config = Config::from_url(&fake.url()).unwrap();
    let client = Client::open(config.reconnect_backoff(Duration::from_millis(1), TIMEOUT)).await.unwrap();
    let began = Instant::now();
    for _ in 0..10 {
        let error = client.incr("n").await.unwrap_err();
        assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    }
    // Ten waits of up to a millisecond would be much less. The random waits add up to less than this once in many runs.
    assert!(began.elapsed() > Duration::from_millis(30), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_pipeline_that_watches_waits_for_the_server_no_longer_than_for_the_pool() {
    let mut proxied = ProxiedClient::new(|config| config.pool_timeout(TIMEOUT)).await;
    proxied.cut_off().await;
    let error = proxied.client.pipeline().watch("a").await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { after: TIMEOUT, .. }), "{error:?}");
}

#[tokio::test]
async fn every_change_of_the_connection_is_told_in_order() {
    let mut proxied = ProxiedClient::new(|config| config).await;
    for round in 1..=2 {
        proxied.cut_off().await;
        assert!(matches!(proxied.events.next().await, Some(Event::ConnectFailed { attempts: 1, .. })));
        proxied.restore();
        loop {
            match proxied.events.next().await {
                Some(Event::ConnectFailed { attempts: 2.., .. }) => {}
                Some(Event::Connected { reconnects, .. }) => break assert_eq!(reconnects, round),
                other => panic!("{other:?}"),
            }
        }
    }
    let metrics = proxied.client.metrics();
    assert_eq!((metrics.connections, metrics.reconnects), (3, 2));
    assert!(metrics.connect_failures >= 2, "{metrics:?}");
    let mut events = proxied.events;
    drop(proxied.client);
    assert!(matches!(events.next().await, Some(Event::Closed) | None));
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn settings_of_any_size_are_no_reason_to_panic() {
    let most = Duration::MAX;
    let mut proxied = ProxiedClient::new(|config| {
        let config = config.pool_timeout(most).connect_timeout(most).response_timeout(most).health_check_interval(most);
        config
            .tcp_keepalive(most)
            .pool_idle_timeout(most)
            .reconnect_backoff(Duration::ZERO, most)
            .max_queued_bytes(usize::MAX)
            .max_waiting_bytes(usize::MAX)
    })
    .await;
    proxied.cut_off().await;
    proxied.restore();
    let (one, outcome) = tokio::join!(proxied.client.incr("n"), async {
        let tx = proxied.client.pipeline().watch("a").await?;
        tx.multi().echo::<String>("own").execute().await
    });
    assert_eq!((one.unwrap(), outcome.unwrap()), (1, Outcome::Committed(hlist!["own".to_owned()])));
}
