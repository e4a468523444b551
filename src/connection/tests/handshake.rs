//! Servers that do not get through the handshake, and push messages during it and after.

use super::{handshake, refused, server};
use crate::{
    connection::{push::PushSink, sync::lock, transport},
    error::{CommandPosition, Error, TimeoutKind},
    resp::Found,
};
use std::{
    future::{pending, poll_fn},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::yield_now,
};

#[tokio::test]
async fn what_speaks_no_resp_is_known_at_once() {
    let deep = b"*1\r\n".repeat(100_000);
    for answer in [
        &b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"[..],
        b"+OK\r\n",
        b"%1\r\n*0\r\n:1\r\n",
        b"%1\r\n$5\r\nproto\r\n:2\r\n",
        b"*2\r\n$5\r\nproto\r\n:3\r\n",
        b"$-1\r\n",
        b"=1\r\nx\r\n",
        b"$1073741824\r\n",
        deep.as_slice(),
    ] {
        let answer = answer.to_vec();
        let config = server(move |mut stream| {
            let answer = answer.clone();
            async move {
                let _ = stream.read(&mut [0; 1024]).await;
                let _ = stream.write_all(&[&answer, &b"+PONG\r\n+OK\r\n*0\r\n"[..]].concat()).await;
            }
        });
        let error = refused(config.await).await;
        assert!(matches!(error, Error::Protocol { at: CommandPosition { number: 0, name: "HELLO" }, .. }), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_accepts_and_says_nothing_costs_the_connect_timeout() {
    let config = server(|stream| async move {
        let _stream = stream;
        pending::<()>().await;
    });
    let error = refused(config.await.connect_timeout(Duration::from_millis(50))).await;
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Connect, .. }), "{error}");
}

#[tokio::test]
async fn a_server_that_hangs_up_while_greeted_is_named() {
    let config = server(|mut stream| async move {
        let _ = stream.read(&mut [0; 1024]).await;
    });
    let error = refused(config.await).await.to_string();
    assert!(error.contains("127.0.0.1:") && error.contains("the server closed the connection"), "{error}");
}

#[tokio::test]
async fn every_push_frame_comes_to_the_sink_once_and_in_order() {
    const FRAMES: [&str; 6] = ["hello", "before", "within", "between", "between too", "behind"];
    let config = server(|mut stream| async move {
        let frame = |index: usize| format!(">1\r\n+{}\r\n", FRAMES[index]);
        stream.write_all(frame(0).as_bytes()).await.unwrap();
        handshake(&mut stream).await;
        let [before, within, between, too, behind] = [frame(1), frame(2), frame(3), frame(4), frame(5)];
        let replies = format!("{before}*2\r\n:1\r\n{within}:2\r\n{between}{too}+OK\r\n{behind}");
        for byte in replies.as_bytes() {
            stream.write_all(&[*byte]).await.unwrap();
            yield_now().await;
        }
        while stream.read_u8().await.is_ok() {}
    });
    let frames = Arc::default();
    let sink = PushSink::Collect(Arc::clone(&frames));
    let (mut stream, _session) = transport::connect(&config.await.settings, sink).await.unwrap();
    let (mut replies, mut end) = (0, 0);
    while replies < 2 {
        match stream.scan().unwrap() {
            Some(Found::Reply(at)) => {
                replies += 1;
                end = at;
            }
            Some(Found::Push(at)) => stream.on_push(at, end).unwrap(),
            None => poll_fn(|cx| stream.poll_fill(cx)).await.unwrap(),
        }
    }
    assert_eq!(stream.take(end), "*2\r\n:1\r\n>1\r\n+within\r\n:2\r\n>1\r\n+between\r\n>1\r\n+between too\r\n+OK\r\n");
    while lock(&frames).len() < FRAMES.len() {
        stream.check_no_stray_data().unwrap();
        yield_now().await;
    }
    let expected = FRAMES.map(|text| format!(">1\r\n+{text}\r\n").into_bytes());
    assert_eq!(*lock(&frames), expected);
}
