//! The driver's memory and timer, which cannot be seen from outside of it.

use super::*;
use crate::{
    connection::{config::Address, multi_access::MultiAccess, push::PushSink, transport::Stream},
    resp::{Framing, Limits, control::PING},
};
use std::future::poll_fn;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

/// A driver, its queue, and the server's end of its socket.
struct Peer {
    driver: Driver,
    queue: Arc<SendQueue>,
    server: UnixStream,
}

impl Peer {
    fn new(configure: impl FnOnce(&mut Settings)) -> Peer {
        let (client, server) = UnixStream::pair().unwrap();
        let mut settings = Settings::new(Address::Unix("/".into()));
        configure(&mut settings);
        let settings = Arc::new(settings);
        let multi = Arc::new(MultiAccess::new(settings.clone()));
        let queue = Arc::new(SendQueue::new(&settings, multi));
        let epoch = queue.open();
        let stream = FramedStream::new(Stream::Unix(client), Limits::default(), PushSink::Discard);
        let driver = Driver::new(stream, queue.clone(), settings, epoch);
        Peer { driver, queue, server }
    }
}

fn submit(queue: &SendQueue, request: &[u8]) -> Receiver {
    let submitted = queue.submit((1, Framing::Plain), request.into(), Waker::noop(), None).ok();
    submitted.expect("there is room").receiver
}

/// Drives until `poll` is ready.
async fn drive<T>(driver: &mut Driver, mut poll: impl FnMut(&mut Driver, &mut Context<'_>) -> Poll<T>) -> T {
    poll_fn(|cx| {
        driver.set_task_waker(cx.waker());
        assert!(driver.poll(&mut Context::from_waker(cx.waker()), cx).is_pending());
        driver.take_wakers().into_iter().for_each(Waker::wake);
        poll(driver, cx)
    })
    .await
}

/// Drives until the timer has fired with no request pending.
async fn idle(driver: &mut Driver) {
    drive(driver, |driver, _| if driver.has_deadline { Poll::Pending } else { Poll::Ready(()) }).await;
}

#[tokio::test]
async fn large_buffers_are_freed() {
    const SIZE: usize = 1_000_000;
    let Peer { mut driver, queue, mut server } = Peer::new(|settings| {
        settings.response_timeout = Some(Duration::from_millis(300));
        settings.health_check_interval = Some(Duration::from_millis(300));
    });
    let _server = tokio::spawn(async move {
        let mut request = vec![0; SIZE];
        server.read_exact(&mut request).await.unwrap();
        server.write_all(format!("${SIZE}\r\n").as_bytes()).await.unwrap();
        server.write_all(&request).await.unwrap();
        server.write_all(b"\r\n").await.unwrap();
        server
    });
    let mut receiver = submit(&queue, &[b'x'; SIZE]);
    let replies = drive(&mut driver, |_, cx| receiver.poll(cx)).await;
    assert_eq!(replies.unwrap().bytes.len(), SIZE + 12);
    assert!(driver.stream.capacity() >= SIZE);
    idle(&mut driver).await;
    assert!(driver.stream.capacity() <= SMALL && driver.out.capacity() <= SMALL);
}

#[tokio::test]
async fn an_idle_connection_is_pinged_no_more_often_than_configured() {
    let Peer { mut driver, queue, mut server } = Peer::new(|settings| {
        settings.response_timeout = Some(Duration::from_millis(100));
        settings.health_check_interval = Some(Duration::from_secs(3600));
    });
    let echo = tokio::spawn(async move {
        let mut requests = 0;
        let mut request = [0; PING.bytes.len()];
        while let Ok(length @ 1..) = server.read(&mut request).await {
            assert_eq!(request[..length], *b"request");
            server.write_all(b"+OK\r\n").await.unwrap();
            requests += 1;
        }
        requests
    });
    for _ in 0..10 {
        let mut receiver = submit(&queue, b"request");
        // A reply that takes longer than the timeout says nothing of the pings.
        let _ = drive(&mut driver, |_, cx| receiver.poll(cx)).await;
        idle(&mut driver).await;
    }
    drop(driver);
    assert_eq!(echo.await.unwrap(), 10);
}

/// Drives until the connection has ended.
async fn drive_to_end(driver: &mut Driver) -> Disconnect {
    poll_fn(|cx| {
        driver.set_task_waker(cx.waker());
        let polled = driver.poll(&mut Context::from_waker(cx.waker()), cx);
        driver.take_wakers().into_iter().for_each(Waker::wake);
        polled
    })
    .await
}

#[tokio::test]
async fn a_retired_connection_ends_when_the_requests_written_on_it_have_their_replies() {
    let Peer { mut driver, queue, mut server } = Peer::new(|_| {});
    let submit = |bytes: &[u8]| submit(&queue, bytes);
    // More than the socket holds, so that it is written in part, and the small one behind it not at all.
    let large = vec![b'x'; 4_000_000];
    let mut receivers = [submit(b"small"), submit(&large), submit(b"behind")];
    drive(&mut driver, |driver, _| if driver.written > 5 { Poll::Ready(()) } else { Poll::Pending }).await;
    assert!(driver.written < 4_000_000);
    queue.retire("over", true);
    let parked = submit(b"later");
    let peer = tokio::spawn(async move {
        let mut read = vec![0; 4_000_005];
        server.read_exact(&mut read).await.unwrap();
        server.write_all(b"+OK\r\n+OK\r\n").await.unwrap();
        let mut rest = Vec::new();
        server.read_to_end(&mut rest).await.unwrap();
        rest
    });
    let end = drive_to_end(&mut driver).await;
    assert_eq!(end.to_string(), "over");
    driver.finish(&end).into_iter().for_each(Waker::wake);
    assert_eq!(peer.await.unwrap(), b"", "the requests that were not written stay here");
    let cx = &mut Context::from_waker(Waker::noop());
    let answered = receivers.iter_mut().map(|receiver| receiver.poll(cx)).collect::<Vec<_>>();
    assert!(matches!(answered[..], [Poll::Ready(Ok(_)), Poll::Ready(Ok(_)), Poll::Pending]), "{answered:?}");
    let count = queue.count();
    assert_eq!((count.requests, count.unwritten_bytes), (2, "behind".len() + "later".len()));
    drop(parked);
}

#[tokio::test]
async fn a_retired_connection_to_a_silent_server_ends_by_the_timeouts() {
    let Peer { mut driver, queue, server: _server } =
        Peer::new(|settings| settings.response_timeout = Some(Duration::from_millis(20)));
    let mut receiver = submit(&queue, b"request");
    drive(&mut driver, |driver, _| if driver.written > 0 { Poll::Ready(()) } else { Poll::Pending }).await;
    queue.retire("over", true);
    let end = drive_to_end(&mut driver).await;
    assert!(end.to_string().contains("did not answer for several timeouts"), "{end}");
    let answered = receiver.poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(answered, Poll::Ready(Err(RequestError::TimedOut { .. }))), "{answered:?}");
}

#[tokio::test]
async fn a_large_request_that_the_server_reads_slowly_is_not_late() {
    const PIECE: usize = 100_000;
    const PIECES: usize = 100;
    let timeout = Duration::from_millis(300);
    let Peer { mut driver, queue, mut server } = Peer::new(|settings| settings.response_timeout = Some(timeout));
    let _server = tokio::spawn(async move {
        let mut piece = vec![0; PIECE];
        for _ in 0..PIECES {
            server.read_exact(&mut piece).await.unwrap();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        server.write_all(b"+OK\r\n").await.unwrap();
        server
    });
    let began = Instant::now();
    let mut receiver = submit(&queue, &vec![b'x'; PIECES * PIECE]);
    let mut behind = submit(&queue, b"request");
    let late = drive(&mut driver, |_, cx| behind.poll(cx)).await;
    assert!(matches!(late, Err(RequestError::TimedOut { .. })), "{late:?}");
    assert!(began.elapsed() < 3 * timeout, "{:?}", began.elapsed());
    assert_eq!(drive(&mut driver, |_, cx| receiver.poll(cx)).await.unwrap().bytes, "+OK\r\n");
    assert!(began.elapsed() > 3 * timeout, "{:?}", began.elapsed());
}
