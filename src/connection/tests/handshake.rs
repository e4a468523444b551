//! Servers that do not get through the handshake, and push messages during it and after.

use super::{handshake, refused, server};
use crate::{
    connection::{
        Config, Handle,
        push::PushSink,
        sync::lock,
        transport::{self, MultiProbe},
    },
    error::{CommandPosition, Error, TimeoutKind},
    resp::Found,
};
use std::{
    future::{pending, poll_fn},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::yield_now,
};

#[tokio::test]
async fn what_speaks_no_resp_is_known_at_once() {
    let deep = b"*1\r\n".repeat(100_000);
    for answer in [
        &b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"[..],
        b"+OK\r\n",
        b"%1\r\n*0\r\n:1\r\n",
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
async fn a_server_that_was_loading_and_then_says_nothing_is_told_to_be_loading_in_time() {
    let connections = AtomicUsize::new(0);
    let config = server(move |mut stream| {
        let first = connections.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            let _ = stream.read(&mut [0; 1024]).await;
            if first {
                let _ = stream.write_all(b"-LOADING Redis is loading the dataset in memory\r\n").await;
            }
            pending::<()>().await;
        }
    });
    let error = refused(config.await.connect_timeout(Duration::from_secs(4))).await;
    assert!(matches!(&error, Error::Handshake { error, .. } if error.code() == "LOADING"), "{error}");
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
    let mut stream = transport::connect(&config.await.settings, sink, MultiProbe::Ask { may_be_lost: false }, false)
        .await
        .unwrap()
        .stream;
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
    assert_eq!(
        stream.take(end).bytes,
        "*2\r\n:1\r\n>1\r\n+within\r\n:2\r\n>1\r\n+between\r\n>1\r\n+between too\r\n+OK\r\n"
    );
    while lock(&frames).len() < FRAMES.len() {
        stream.check_no_stray_data().unwrap();
        yield_now().await;
    }
    let expected = FRAMES.map(|text| format!(">1\r\n+{text}\r\n").into_bytes());
    assert_eq!(*lock(&frames), expected);
}

/// Reads a request in one piece and returns it as text.
async fn request(stream: &mut TcpStream) -> String {
    let mut request = [0; 1024];
    let length = stream.read(&mut request).await.unwrap();
    String::from_utf8_lossy(&request[..length]).into_owned()
}

#[tokio::test]
async fn a_peer_that_closes_the_connection_with_a_refusal_is_connected_to_again() {
    let requests = Arc::new(Mutex::new(Vec::new()));
    for closes_at in ["HELLO", "MULTI"] {
        let asked = requests.clone();
        let config = server(move |mut stream| {
            let asked = asked.clone();
            async move {
                let request = request(&mut stream).await;
                let [hello, auth, multi] = ["HELLO", "AUTH", "MULTI"].map(|name| request.contains(name));
                lock(&asked).push([hello, auth, multi]);
                let replies: &[u8] = match closes_at {
                    "HELLO" if hello => return stream.write_all(b"-ERR what is that?\r\n").await.unwrap(),
                    "MULTI" if multi => return,
                    _ if hello => b"%1\r\n+proto\r\n:3\r\n+PONG\r\n",
                    _ => b"+OK\r\n+PONG\r\n+OK\r\n*0\r\n",
                };
                stream.write_all(replies).await.unwrap();
                while stream.read_u8().await.is_ok() {}
            }
        });
        Handle::open(config.await.password("right")).await.unwrap();
    }
    let hello_3 = [true, true, true];
    assert_eq!(*lock(&requests), [hello_3, [false, true, true], hello_3, [true, true, false]]);
}

#[tokio::test]
async fn what_a_server_says_before_it_hangs_up_is_told() {
    let connections = Arc::new(AtomicUsize::new(0));
    for (path, protocol) in [("", 2), ("/1", 2), ("", 3)] {
        let counted = connections.clone();
        let config = server(move |mut stream| {
            counted.fetch_add(1, Ordering::Relaxed);
            async move {
                request(&mut stream).await;
                stream.write_all(b"-DENIED Redis is running in protected mode\r\n").await.unwrap();
            }
        });
        let address = config.await.settings.address.to_string();
        let url = format!("redis://{address}{path}?protocol={protocol}");
        let error = refused(Config::from_url(&url).unwrap()).await;
        assert!(matches!(&error, Error::Handshake { error, .. } if error.code() == "DENIED"), "{url}: {error}");
    }
    assert_eq!(connections.load(Ordering::Relaxed), 4, "only HELLO may be what was refused");
}
