//! A client runs on the runtime that opened it, and on another one when that is gone.

use crate::support::client;
use std::{
    future::Future,
    pin::pin,
    task::{Context, Waker},
    time::Duration,
};
use tokio::{
    runtime::{Builder, Runtime},
    time::timeout,
};
use typedis::{Client, Config, Error, Event, hlist_pat, prelude::*};
use typedis_testing::{Server, drop_after};

const LONG: Duration = Duration::from_secs(20);

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn config(server: &Server) -> Config {
    Config::from_url(&server.url()).unwrap().response_timeout(Duration::from_millis(500))
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
    let outside = std::thread::spawn(move || {
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
    let client = first.block_on(async {
        let client = Client::open(config(&server)).await.unwrap();
        let mut events = client.events();
        server.kill9();
        while !matches!(events.next().await, Some(Event::ConnectFailed { .. })) {}
        client
    });
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
