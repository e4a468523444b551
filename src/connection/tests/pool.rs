//! Dedicated connections: how they are given back, and how idle ones are reaped.

use super::{acquire, ask_on, counting, handshake, lost, polled, server};
use crate::{
    connection::{Config, Event, Handle},
    error::Error,
    resp::control::UNWATCH,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Notify,
    task::yield_now,
    time::timeout,
};

#[tokio::test]
async fn a_dropped_lease_unwatches_only_what_is_watched() {
    let config = server(|mut stream| async move {
        handshake(&mut stream).await;
        let mut request = [0; 100];
        while let Ok(length @ 1..) = stream.read(&mut request).await {
            // The length of the request stands for what it was.
            let unwatched =
                request[..length].windows(UNWATCH.bytes.len()).filter(|bytes| *bytes == UNWATCH.bytes).count();
            let reply = if unwatched == 1 { "+OK\r\n".into() } else { format!(":{length}\r\n") };
            stream.write_all(reply.as_bytes()).await.unwrap();
        }
    });
    let handle = Handle::open(config.await.pool_size(1)).await.unwrap();
    for watched in [false, true, false] {
        let mut connection = acquire(&handle).await;
        assert_eq!(ask_on(&mut connection, 1).await.unwrap(), ":14\r\n");
        connection.set_watched(watched);
    }
    let mut connection = acquire(&handle).await;
    connection.set_watched(true);
    connection.reset().await;
    assert_eq!(ask_on(&mut acquire(&handle).await, 1).await.unwrap(), ":14\r\n");
}

/// A server whose first connection ends when `end` is notified, and which serves only `accepted` connections.
async fn ending(end: Arc<Notify>, accepted: usize) -> Config {
    let connections = AtomicUsize::new(0);
    server(move |mut stream| {
        let (end, number) = (end.clone(), connections.fetch_add(1, Ordering::Relaxed));
        async move {
            match number {
                0 => {
                    handshake(&mut stream).await;
                    end.notified().await;
                }
                _ if number < accepted => {
                    handshake(&mut stream).await;
                    while stream.read_u8().await.is_ok() {}
                }
                _ => {}
            }
        }
    })
    .await
}

#[tokio::test]
async fn idle_connections_are_reaped_while_the_shared_one_is_away() {
    let end = Arc::new(Notify::new());
    let config = ending(end.clone(), 3).await.pool_idle_timeout(Duration::from_millis(50));
    let handle = Handle::open(config).await.unwrap();
    let mut events = handle.events();
    let (first, second) = (acquire(&handle).await, acquire(&handle).await);
    end.notify_one();
    while !matches!(events.next().await.unwrap(), Event::ConnectFailed { .. }) {}
    drop((first, second));
    assert_eq!(handle.metrics().pool_idle, 2);
    while handle.metrics().pool_idle > 0 {
        yield_now().await;
    }
    assert_eq!(handle.metrics().reconnects, 0);
}

#[tokio::test]
async fn the_reaper_ends_with_the_pool_however_that_ends() {
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let config = counting().await.pool_idle_timeout(Duration::from_secs(3600));
    let handle = Handle::open(config.clone()).await.unwrap();
    let without = tasks();
    drop(acquire(&handle).await);
    // The server's task and the reaper.
    assert_eq!(tasks(), without + 2);
    assert!(polled(1, handle.close()).await.is_none());
    tokio::join!(handle.close(), handle.close());
    handle.close().await;
    while tasks() > 1 {
        yield_now().await;
    }

    let handle = Handle::open(config).await.unwrap();
    drop(acquire(&handle).await);
    drop(handle);
    while tasks() > 1 {
        yield_now().await;
    }
}

#[tokio::test]
async fn an_attempt_to_reconnect_that_fails_for_good_fails_those_who_wait_for_the_pool() {
    let (end, refuses) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    let config = server({
        let (end, refuses) = (end.clone(), refuses.clone());
        move |mut stream| {
            let (end, refuses) = (end.clone(), refuses.load(Ordering::SeqCst) > 0);
            async move {
                if refuses {
                    let _ = stream.read(&mut [0; 1024]).await;
                    let _ = stream.write_all(&b"-WRONGPASS invalid username-password pair\r\n".repeat(4)).await;
                    return;
                }
                handshake(&mut stream).await;
                end.notified().await;
            }
        }
    });
    let hour = Duration::from_secs(3600);
    let config = config.await.pool_timeout(hour).reconnect_backoff(Duration::from_millis(1), Duration::from_millis(2));
    let handle = Handle::open(config).await.unwrap();
    let mut events = handle.events();
    refuses.store(1, Ordering::SeqCst);
    end.notify_one();
    lost(&mut events).await;
    // The first waits from before the first attempt, the others come behind some.
    for _ in 0..3 {
        let acquired = timeout(Duration::from_secs(20), handle.node().acquire()).await;
        let error = acquired.expect("it does not wait for its timeout").unwrap_err();
        assert!(matches!(&error, Error::Handshake { error, .. } if error.code() == "WRONGPASS"), "{error:?}");
        while !matches!(events.next().await.unwrap(), Event::ConnectFailed { .. }) {}
    }
    refuses.store(0, Ordering::SeqCst);
    while !matches!(events.next().await.unwrap(), Event::Connected { .. }) {}
    timeout(Duration::from_secs(20), handle.node().acquire()).await.unwrap().unwrap();
}
