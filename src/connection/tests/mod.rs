//! Tests against fake servers that misbehave; what needs a real server is tested from outside of the crate.

mod handshake;
mod node;
mod pool;
mod timeouts;
#[cfg(feature = "tls")]
mod tls;
mod wakers;

use crate::{
    connection::{Config, Event, Events, Handle, Request, failure::RequestError, pool::PooledConnection},
    error::Error,
    resp::control::PING,
};
use bytes::Bytes;
use std::{
    future::{Future, pending, poll_fn},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::{JoinSet, yield_now},
    time::timeout,
};

const HELLO: &[u8] = b"%2\r\n$5\r\nproto\r\n:3\r\n$7\r\nversion\r\n$5\r\n7.0.0\r\n+PONG\r\n+OK\r\n*0\r\n";

/// Starts a server that runs `serve` for every connection, and returns its address.
async fn server<S, F>(serve: S) -> Config
where
    S: Fn(TcpStream) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    Config::from_url(&format!("redis://{address}")).unwrap()
}

/// A server that completes the handshake, waits for a request, sends `replies` byte by byte, and then nothing more.
async fn answering(replies: &'static [u8]) -> Config {
    server(move |mut stream| async move {
        handshake(&mut stream).await;
        stream.read_u8().await.unwrap();
        for byte in replies {
            stream.write_all(&[*byte]).await.unwrap();
            yield_now().await;
        }
        while stream.read_u8().await.is_ok() {}
    })
    .await
}

async fn handshake(stream: &mut TcpStream) {
    stream.set_nodelay(true).unwrap();
    let mut request = [0; 1024];
    let length = stream.read(&mut request).await.unwrap();
    assert!(request[..length].ends_with(b"EXEC\r\n"));
    stream.write_all(HELLO).await.unwrap();
}

/// Sends a PING and waits for this many replies.
async fn ask(handle: &Handle, replies: usize) -> Result<Bytes, RequestError> {
    let sent = handle.node().shared().call(Request::raw(PING.bytes, replies)).await;
    sent.map(|replies| replies.bytes)
}

/// Sends a PING on a dedicated connection and waits for this many replies.
async fn ask_on(connection: &mut PooledConnection, replies: usize) -> Result<Bytes, RequestError> {
    connection.call(&Request::raw(PING.bytes, replies)).await.map(|replies| replies.bytes)
}

async fn acquire(handle: &Handle) -> PooledConnection {
    handle.node().acquire().await.unwrap()
}

/// Waits until the shared connection is lost.
async fn lost(events: &mut Events) {
    while !matches!(events.next().await.unwrap(), Event::Lost { .. }) {}
}

async fn refused(config: Config) -> Error {
    Handle::open(config).await.unwrap_err()
}

/// Polls `future` at most this many times and drops it then.
async fn polled<F: Future>(times: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = times;
    poll_fn(|cx| {
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test]
async fn a_connection_lost_within_the_replies_counts_the_whole_ones() {
    const REPLIES: &[u8] = b"+OK\r\n>1\r\n+push\r\n*2\r\n:1\r\n$3\r\nabc\r\n:7\r\n";
    for cut in 0..=REPLIES.len() {
        let config = server(move |mut stream| async move {
            handshake(&mut stream).await;
            let _ = stream.read(&mut [0; 100]).await;
            let _ = stream.write_all(&REPLIES[..cut]).await;
        });
        let handle = Handle::open(config.await).await.unwrap();
        let mut connection = acquire(&handle).await;
        let whole = [5, 33, REPLIES.len()].iter().filter(|end| **end <= cut).count();
        for called in [ask(&handle, 3).await, ask_on(&mut connection, 3).await] {
            match called {
                Ok(replies) => assert_eq!((replies, whole), (Bytes::from_static(REPLIES), 3)),
                Err(RequestError::Lost { answered, .. }) => assert_eq!(answered, whole, "cut at {cut}"),
                Err(other) => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn what_was_not_written_goes_out_on_the_next_connection() {
    let connections = Arc::new(AtomicUsize::new(0));
    let config = server(move |mut stream| {
        let first = connections.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            handshake(&mut stream).await;
            if first {
                stream.read_u8().await.unwrap();
                return;
            }
            let mut request = [0; PING.bytes.len()];
            stream.read_exact(&mut request).await.unwrap();
            assert_eq!(request, *PING.bytes, "nothing else was sent again");
            stream.write_all(b"+AGAIN\r\n").await.unwrap();
            stream.read_u8().await.unwrap_err();
        }
    });
    let handle = Handle::open(config.await).await.unwrap();
    // The first request is too large for the socket, so those behind it are not written; the second one is cancelled
    // before that.
    let large = handle.node().shared().call(Request::raw(&[b'x'; 50_000_000], 1));
    let (large, gone, behind) = tokio::join!(large, polled(1, ask(&handle, 1)), ask(&handle, 1));
    assert!(matches!(large, Err(RequestError::Lost { answered: 0, .. })), "{large:?}");
    assert!(gone.is_none());
    assert_eq!(behind.unwrap(), "+AGAIN\r\n");
    assert_eq!(handle.metrics().reconnects, 1);
}

#[tokio::test]
async fn bytes_that_are_no_reply_close_the_connection() {
    let handle = Handle::open(answering(b"+OK\r\nHTTP/1.1 400 Bad Request\r\n").await).await.unwrap();
    let mut events = handle.events();
    let (first, second) = tokio::join!(ask(&handle, 2), ask(&handle, 1));
    assert!(matches!(first, Err(RequestError::Protocol { answered: 1, .. })), "{first:?}");
    assert!(matches!(second, Err(RequestError::Lost { answered: 0, .. })), "{second:?}");
    lost(&mut events).await;

    let mut connection = acquire(&handle).await;
    let called = ask_on(&mut connection, 2).await;
    assert!(matches!(called, Err(RequestError::Protocol { answered: 1, .. })), "{called:?}");
    assert!(!connection.alive());
}

#[tokio::test]
async fn an_unsolicited_reply_closes_the_connection() {
    let handle = Handle::open(answering(b"+OK\r\n>1\r\n+push\r\n+MORE\r\n").await).await.unwrap();
    let mut events = handle.events();
    assert_eq!(ask(&handle, 1).await.unwrap(), "+OK\r\n");
    lost(&mut events).await;

    let mut connection = acquire(&handle).await;
    assert_eq!(ask_on(&mut connection, 1).await.unwrap(), "+OK\r\n");
    while connection.alive() {
        yield_now().await;
    }
    assert!(matches!(ask_on(&mut connection, 1).await, Err(RequestError::NotSent(_))));
}

#[tokio::test]
async fn a_reply_over_the_limit_is_refused_when_it_is_announced() {
    let config = answering(b"+OK\r\n$20000\r\n").await.max_reply_bytes(10_000);
    let handle = Handle::open(config).await.unwrap();
    let called = ask(&handle, 2).await;
    assert!(matches!(&called, Err(RequestError::Protocol { answered: 1, reason }) if reason.contains("20000 bytes")));
}

#[tokio::test]
async fn a_caller_that_left_keeps_its_place() {
    let handle = Handle::open(answering(b":1\r\n:2\r\n:3\r\n:4\r\n").await).await.unwrap();
    assert!(polled(1, ask(&handle, 2)).await.is_none());
    assert_eq!(ask(&handle, 2).await.unwrap(), ":3\r\n:4\r\n");

    let mut connection = acquire(&handle).await;
    assert!(polled(3, ask_on(&mut connection, 3)).await.is_none());
    assert_eq!(ask_on(&mut connection, 1).await.unwrap(), ":4\r\n");
}

/// A server that completes the handshake and answers each PING with its number.
async fn counting() -> Config {
    server(|mut stream| async move {
        handshake(&mut stream).await;
        for number in 1.. {
            if stream.read_exact(&mut [0; PING.bytes.len()]).await.is_err() {
                return;
            }
            stream.write_all(format!(":{number}\r\n").as_bytes()).await.unwrap();
        }
    })
    .await
}

#[tokio::test]
async fn a_caller_that_is_not_polled_holds_up_nobody() {
    let handle = Handle::open(counting().await).await.unwrap();
    for first in [1, 4] {
        // Alone, this caller leads; then it is not polled any more.
        let mut held = pin!(ask(&handle, 1));
        let waits = poll_fn(|cx| Poll::Ready(held.as_mut().poll(cx).is_pending())).await;
        assert!(waits);
        assert_eq!(ask(&handle, 1).await.unwrap(), format!(":{}\r\n", first + 1));
        assert_eq!(ask(&handle, 1).await.unwrap(), format!(":{}\r\n", first + 2));
        assert_eq!(held.await.unwrap(), format!(":{first}\r\n"));
    }
}

#[tokio::test]
async fn a_caller_that_is_polled_once_more_and_then_not_holds_up_nobody() {
    let signal = Arc::new(Notify::new());
    let told = signal.clone();
    let config = server(move |mut stream| {
        let told = told.clone();
        async move {
            handshake(&mut stream).await;
            stream.read_exact(&mut [0; 2 * PING.bytes.len()]).await.unwrap();
            told.notified().await;
            stream.write_all(b":1\r\n:2\r\n").await.unwrap();
            while stream.read_u8().await.is_ok() {}
        }
    });
    let handle = Handle::open(config.await).await.unwrap();
    // The task has run and sleeps, so this caller leads. It is polled once more when another request is pending, and then
    // not any more.
    yield_now().await;
    let mut held = pin!(ask(&handle, 1));
    assert!(poll_fn(|cx| Poll::Ready(held.as_mut().poll(cx).is_pending())).await);
    let other = tokio::spawn({
        let handle = handle.clone();
        async move { ask(&handle, 1).await }
    });
    while handle.metrics().in_flight < 2 || handle.metrics().queued > 0 {
        yield_now().await;
    }
    assert!(poll_fn(|cx| Poll::Ready(held.as_mut().poll(cx).is_pending())).await);
    signal.notify_one();
    // Half of the response timeout, at which the task's timer fires.
    let answer = timeout(Duration::from_secs(5), other).await.expect("the task has read");
    assert_eq!(answer.unwrap().unwrap(), ":2\r\n");
    assert_eq!(held.await.unwrap(), ":1\r\n");
}

#[tokio::test]
async fn where_a_caller_left_that_read_for_itself_the_task_reads_on() {
    let handle = Handle::open(answering(b"+OK\r\n+MORE\r\n").await).await.unwrap();
    let mut events = handle.events();
    assert!(polled(1, ask(&handle, 1)).await.is_none());
    lost(&mut events).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn callers_that_come_and_go_on_several_threads_are_all_answered() {
    let handle = Handle::open(counting().await).await.unwrap();
    let mut callers = JoinSet::new();
    for caller in 0..6 {
        let handle = handle.clone();
        callers.spawn(async move {
            for call in 0..400 {
                match (caller + call) % 7 {
                    0 => drop(polled(1, ask(&handle, 1)).await),
                    1 => drop(polled(2, ask(&handle, 1)).await),
                    2 => yield_now().await,
                    _ => drop(ask(&handle, 1).await.unwrap()),
                }
            }
        });
    }
    callers.join_all().await;
}

#[tokio::test]
async fn a_server_that_never_answers_is_left_after_several_timeouts() {
    let handle = Handle::open(answering(b"").await.response_timeout(Duration::from_millis(50))).await.unwrap();
    let mut events = handle.events();
    let began = Instant::now();
    let called = ask(&handle, 1).await;
    assert!(matches!(called, Err(RequestError::TimedOut { answered: 0, .. })), "{called:?}");
    lost(&mut events).await;
    assert!(began.elapsed() >= Duration::from_millis(150));
    let mut connection = acquire(&handle).await;
    assert!(matches!(ask_on(&mut connection, 1).await, Err(RequestError::TimedOut { answered: 0, .. })));
    assert!(!connection.alive());
}

#[tokio::test]
async fn a_server_that_does_not_read_costs_the_timeout() {
    let config = server(|mut stream| async move {
        handshake(&mut stream).await;
        pending::<()>().await;
    });
    let handle = Handle::open(config.await.response_timeout(Duration::from_millis(50))).await.unwrap();
    let large = handle.node().shared().call(Request::raw(&[b'x'; 50_000_000], 1));
    let (large, behind) = tokio::join!(large, async {
        yield_now().await;
        ask(&handle, 1).await
    });
    assert!(matches!(large, Err(RequestError::TimedOut { .. })), "{large:?}");
    assert!(matches!(behind, Err(RequestError::TimedOut { .. })), "{behind:?}");
    let mut connection = acquire(&handle).await;
    assert!(matches!(connection.call(&Request::raw(&[b'x'; 50_000_000], 1)).await, Err(RequestError::TimedOut { .. })));
}

#[tokio::test]
async fn callers_that_wait_for_a_connection_are_told_what_the_server_said() {
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    let config = server(move |mut stream| {
        let first = counted.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            if first {
                handshake(&mut stream).await;
                return;
            }
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(b"-ERR not today\r\n").await;
        }
    });
    let handle = Handle::open(config.await).await.unwrap();
    let mut events = handle.events();
    lost(&mut events).await;
    let mut callers = JoinSet::new();
    for _ in 0..20 {
        let handle = handle.clone();
        callers.spawn(async move { ask(&handle, 1).await.unwrap_err() });
    }
    for failure in callers.join_all().await {
        let RequestError::NotSent(error) = failure else { panic!("{failure:?}") };
        assert!(error.to_string().contains("not today"), "{error}");
    }
    assert!(connections.load(Ordering::Relaxed) < 20, "not every caller connects");
    assert_eq!(handle.metrics().unknown_outcomes, 0);
}
