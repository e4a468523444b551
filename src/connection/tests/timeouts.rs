//! What is late: a peer that drips bytes, not a large transfer that moves; and a server that counts as dead.

use super::*;
use crate::connection::transport::MOVING;
use tokio::time::sleep;

const TIMEOUT: Duration = Duration::from_millis(400);

/// A server that announces a reply of 1 MB to each request, sends `at_once` bytes of it, and then drips.
async fn dripping(at_once: usize) -> Config {
    let config = server(move |mut stream| async move {
        handshake(&mut stream).await;
        stream.read_u8().await.unwrap();
        stream.write_all(b"$1000000\r\n").await.unwrap();
        stream.write_all(&vec![b'x'; at_once]).await.unwrap();
        while stream.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    config.response_timeout(TIMEOUT)
}

#[tokio::test]
async fn a_reply_that_drips_is_late() {
    // What came at once counts for the first timeout only.
    for (at_once, timeouts) in [(0, 1), (MOVING, 2)] {
        let handle = Handle::open(dripping(at_once).await).await.unwrap();
        let mut connection = acquire(&handle).await;
        let began = Instant::now();
        for called in <[_; 2]>::from(tokio::join!(ask(&handle, 1), ask_on(&mut connection, 1))) {
            assert!(matches!(called, Err(RequestError::TimedOut { answered: 0, after: TIMEOUT })), "{called:?}");
        }
        let elapsed = began.elapsed();
        assert!((timeouts * TIMEOUT..(timeouts + 2) * TIMEOUT).contains(&elapsed), "{elapsed:?}");
    }
}

#[tokio::test]
async fn a_connection_on_which_a_reply_drips_is_given_up() {
    let handle = Handle::open(dripping(0).await).await.unwrap();
    let mut events = handle.events();
    let began = Instant::now();
    assert!(matches!(ask(&handle, 1).await, Err(RequestError::TimedOut { .. })));
    timeout(Duration::from_secs(20), lost(&mut events)).await.expect("the connection is given up");
    assert!(began.elapsed() >= 3 * TIMEOUT, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_server_that_answers_one_after_the_other_is_not_dead() {
    const REQUESTS: u32 = 8;
    let config = server(|mut stream| async move {
        handshake(&mut stream).await;
        while stream.read_exact(&mut [0; PING.bytes.len()]).await.is_ok() {
            sleep(TIMEOUT * 2 / 3).await;
            let _ = stream.write_all(b"+PONG\r\n").await;
        }
    });
    let handle = Handle::open(config.await.response_timeout(TIMEOUT)).await.unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..REQUESTS {
        let handle = handle.clone();
        calls.spawn(async move { ask(&handle, 1).await.is_ok() });
    }
    assert!(calls.join_all().await.contains(&true));
    // The last one has waited for longer than a dead server is waited for.
    while ask(&handle, 1).await.is_err() {}
    assert_eq!(handle.metrics().reconnects, 0);
}
