//! A client runs on the runtime that opened it, and on another one when that is gone.

use crate::support::client;
use std::{
    future::Future,
    pin::pin,
    sync::{Arc, Barrier},
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};
use tokio::{
    runtime::{Builder, Runtime},
    task::{JoinSet, yield_now},
    time::timeout,
};
use typedis::{Client, Config, Error, Event, error::TimeoutKind, hlist_pat, prelude::*};
use typedis_testing::{Proxy, Server, drop_after};

const LONG: Duration = Duration::from_secs(20);

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn config(server: &Server) -> Config {
    Config::from_url(&server.url()).unwrap().response_timeout(Duration::from_millis(500))
}

/// A client that has noticed that its server was killed, and reconnects from now on.
async fn client_of_a_killed(server: &Server) -> Client {
    let client = Client::open(config(server)).await.unwrap();
    let mut events = client.events();
    server.kill9();
    while !matches!(events.next().await, Some(Event::ConnectFailed { .. })) {}
    client
}

#[test]
fn a_client_outlives_the_runtime_that_it_was_made_in() {
    let first = runtime();
    let (server, client) = first.block_on(client());
    let idle = first.block_on(async { client.pipeline().watch("idle").await.unwrap().reset().await });
    let mut held = first.block_on(async { client.pipeline().watch("held").await.unwrap() });
    let watched = first.block_on(async { client.pipeline().watch("dropped").await.unwrap() });
    first.shutdown_background();
    drop(watched);
    runtime().block_on(async {
        assert!(matches!(held.get::<i64>("a").await, Err(Error::WatchLost { .. })));
        assert_eq!(client.echo::<String>("shared").await.unwrap(), "shared");
        let hlist_pat![one] = idle.incr("a").execute().await.unwrap();
        let mut tx = client.pipeline().watch("own").await.unwrap();
        assert_eq!((one, tx.get::<i64>("a").await.unwrap()), (1, Some(1)));
    });
    drop(server);
}

#[test]
fn a_client_whose_runtime_never_ran_its_task_serves_on_another() {
    let first = runtime();
    let (server, client) = first.block_on(client());
    drop(first);
    runtime().block_on(async {
        let call = async {
            // The first call may still fail with the connection of the dead runtime.
            let lost = client.incr("n").await;
            assert!(matches!(lost, Ok(1) | Err(Error::NotSent { .. })), "{lost:?}");
            client.incr("n").await.unwrap()
        };
        assert!(timeout(LONG, call).await.is_ok_and(|n| (1..=2).contains(&n)));
    });
    drop(server);
}

#[test]
fn a_panic_outside_of_any_runtime_harms_nobody_else() {
    let home = runtime();
    let server = home.block_on(Server::start());
    let first = runtime();
    let client = first.block_on(async {
        let client = Client::open(config(&server)).await.unwrap();
        client.incr("n").await.unwrap();
        client
    });
    drop(first);
    let other = client.clone();
    let outside = thread::spawn(move || {
        let mut call = pin!(other.incr("n"));
        call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
    });
    assert!(outside.join().is_err(), "it says that there is no runtime");
    let answer = runtime().block_on(async { timeout(LONG, client.incr("n")).await });
    assert_eq!(answer.expect("an answer").unwrap(), 2);
}

#[test]
fn pipelines_that_watch_need_no_caller_on_the_shared_connection() {
    let home = runtime();
    let server = home.block_on(Server::start());
    let first = runtime();
    let client = first.block_on(client_of_a_killed(&server));
    drop(first);
    home.block_on(server.restart());
    runtime().block_on(async { client.pipeline().watch("a").await.unwrap().reset().await });
}

#[test]
fn closing_ends_though_an_earlier_one_was_dropped_with_its_runtime() {
    let home = runtime();
    let server = home.block_on(Server::start());
    let first = runtime();
    let client = first.block_on(async {
        let client = Client::open(config(&server)).await.unwrap();
        client.incr("n").await.unwrap();
        server.freeze();
        assert!(drop_after(client.incr("n"), 1).await.is_none());
        assert!(drop_after(client.close(), 1).await.is_none());
        client
    });
    drop(first);
    server.thaw();
    runtime().block_on(async { timeout(LONG, client.close()).await.expect("an end") });
}

// A runtime that stands still.

/// Lets a blocked thread go on when it is dropped, also by a test that fails.
struct Release(Arc<Barrier>);

impl Drop for Release {
    fn drop(&mut self) {
        self.0.wait();
    }
}

/// Calls a client whose runtime stands still, alone and with many at a time, until longer than it takes to give up a server.
async fn calls_end(client: &Client) {
    let began = Instant::now();
    let mut calls = 0;
    while began.elapsed() < Duration::from_secs(2) {
        let alone = Instant::now();
        let error = timeout(LONG, client.incr("n")).await.expect("an end").unwrap_err();
        assert!(may_be_late(&error), "{error:?}");
        assert!(alone.elapsed() < Duration::from_secs(2), "{:?}", alone.elapsed());
        let mut callers = JoinSet::new();
        for _ in 0..20 {
            let client = client.clone();
            callers.spawn(async move { client.pipeline().incr("n").execute().await.unwrap_err() });
        }
        for error in timeout(LONG, callers.join_all()).await.expect("an end") {
            assert!(may_be_late(&error), "{error:?}");
        }
        calls += 21;
    }
    assert!(calls > 21);
}

/// What was submitted may run yet; what waits for a connection does not, once its caller has left. When the connection is
/// given up, what was written has an unknown outcome.
fn may_be_late(error: &Error) -> bool {
    match error {
        Error::Timeout { kind, .. } => *kind == TimeoutKind::Response && error.may_have_run(),
        Error::Unavailable { .. } => !error.may_have_run(),
        other => matches!(other, Error::OutcomeUnknown { .. }),
    }
}

#[test]
fn a_call_ends_though_the_clients_runtime_is_not_driven() {
    let home = runtime();
    let server = home.block_on(Server::start());
    let still = runtime();
    let client = still.block_on(async {
        let client = Client::open(config(&server)).await.unwrap();
        client.incr("n").await.unwrap();
        client
    });
    home.block_on(calls_end(&client));
    // Driven again, it serves.
    let n = still.block_on(async {
        while client.incr("n").await.is_err() {}
        client.incr("n").await.unwrap()
    });
    assert!(n > 2, "{n}");
}

#[test]
fn a_call_ends_though_the_threads_of_the_clients_runtime_are_blocked() {
    let home = runtime();
    let server = home.block_on(Server::start());
    let still = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let client = still.block_on(async { Client::open(config(&server)).await.unwrap() });
    let barrier = Arc::new(Barrier::new(2));
    let (blocked, free) = (barrier.clone(), Release(barrier.clone()));
    still.spawn(async move {
        blocked.wait();
        blocked.wait();
    });
    barrier.wait();
    home.block_on(calls_end(&client));
    drop(free);
    let n = home.block_on(async {
        while client.incr("n").await.is_err() {}
        client.incr("n").await.unwrap()
    });
    assert!(n >= 2, "{n}");
}

#[test]
fn a_request_that_waits_for_a_connection_is_not_sent_after_its_caller_has_left() {
    let home = runtime();
    let server = home.block_on(Server::start());
    let still = runtime();
    let client = still.block_on(client_of_a_killed(&server));
    home.block_on(server.restart());
    let error = home.block_on(async { timeout(LONG, client.incr("n")).await.expect("an end").unwrap_err() });
    assert!(
        matches!(&error, Error::Unavailable { source, .. } if matches!(**source, Error::Connect { .. })),
        "{error:?}"
    );
    assert!(!error.may_have_run());
    assert_eq!(still.block_on(client.incr("n")).unwrap(), 1);
}

#[test]
fn a_call_that_watches_or_blocks_ends_though_the_clients_runtime_stands_still() {
    let home = runtime();
    let server = home.block_on(Server::start());
    let still = runtime();
    let (client, mut tx) = still.block_on(async {
        let config = config(&server).pool_size(1).pool_timeout(Duration::from_millis(500));
        let client = Client::open(config).await.unwrap();
        let tx = client.pipeline().watch("a").await.unwrap();
        (client, tx)
    });
    home.block_on(async {
        let full = timeout(LONG, client.blpop::<String>("list", 0.1)).await.expect("an end").unwrap_err();
        assert!(matches!(full, Error::Timeout { kind: TimeoutKind::Pool, .. }), "{full:?}");
        let late = timeout(LONG, tx.get::<i64>("a")).await.expect("an end").unwrap_err();
        assert!(matches!(late, Error::Timeout { kind: TimeoutKind::WatchedRead, .. }), "{late:?}");
        drop(tx);
        // A connection that is opened by this runtime is served by it.
        assert_eq!(client.blpop::<String>("list", 0.1).await.unwrap(), None);
    });
}

#[test]
fn on_another_runtime_too_a_large_reply_that_is_still_coming_is_not_late() {
    const SIZE: usize = 6_000_000;
    let home = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (_server, _proxy, client) = home.block_on(async {
        let server = Server::start().await;
        let set = server.raw().await.command(["SETRANGE", "large", &(SIZE - 1).to_string(), "x"]).await;
        assert_eq!(set.integer(), SIZE as i64);
        let proxy = Proxy::start(server.addr()).await;
        let config = Config::from_url(&proxy.url()).unwrap().response_timeout(Duration::from_millis(300));
        let client = Client::open(config).await.unwrap();
        proxy.delay(Duration::from_millis(50));
        (server, proxy, client)
    });
    let large = runtime().block_on(client.get::<Vec<u8>>("large")).unwrap();
    assert_eq!(large.map(|large| large.len()), Some(SIZE));
}

// Callers that no runtime with timers polls.

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Polls a future on this thread, as executors beside tokio do.
pub(super) fn without_runtime<F: Future>(future: F) -> F::Output {
    let waker = Arc::new(Unpark(thread::current())).into();
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        thread::park();
    }
}

#[test]
fn a_caller_without_timers_is_served_and_ends_by_its_timeout() {
    let home = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let still = runtime();
    let bare = Builder::new_current_thread().build().unwrap();
    let (server, client, undriven) = home.block_on(async {
        let server = Server::start().await;
        let client = Client::open(config(&server)).await.unwrap();
        let undriven = Client::open(config(&server));
        let undriven = thread::scope(|scope| scope.spawn(|| still.block_on(undriven)).join().unwrap().unwrap());
        (server, client, undriven)
    });
    assert_eq!(without_runtime(client.incr("n")).unwrap(), 1);
    assert_eq!(bare.block_on(client.incr("n")).unwrap(), 2);
    for late in [without_runtime(undriven.incr("n")), bare.block_on(undriven.incr("n"))] {
        let late = late.unwrap_err();
        assert!(may_be_late(&late), "{late:?}");
    }
    drop(server);
}

#[test]
fn a_caller_without_timers_waits_for_room_up_to_its_timeout() {
    let home = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (server, client) = home.block_on(async {
        let server = Server::start().await;
        let client = Client::open(config(&server).response_timeout(Duration::from_secs(1)).max_queued_bytes(1000))
            .await
            .unwrap();
        server.freeze();
        let filling = client.clone();
        // More than the buffers of the sockets take.
        tokio::spawn(async move { filling.set("filling", "x".repeat(50_000_000)).await });
        while client.metrics().queued_bytes == 0 {
            yield_now().await;
        }
        (server, client)
    });
    let bare = Builder::new_current_thread().build().unwrap();
    let value = "x".repeat(500);
    for refused in [bare.block_on(client.set("a", &value)), without_runtime(client.set("a", &value))] {
        let error = refused.unwrap_err();
        assert!(matches!(error, Error::QueueFull { .. }), "{error:?}");
    }
    server.thaw();
}
