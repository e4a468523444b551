//! The proxy forwards and records all bytes, and cuts connections at the requested byte.

use std::{
    io::ErrorKind,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use typedis_testing::{Fake, Frame, Proxy, Raw, Server};

#[tokio::test]
async fn every_write_is_recorded_as_one_chunk() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let mut raw = Raw::connect(proxy.addr()).await;
    raw.command(["SET", "k", &"x".repeat(50_000)]).await;
    assert_eq!(proxy.writes().len(), 1);
    assert_eq!(proxy.writes()[0].len(), proxy.request_bytes());
    proxy.clear_writes();
    raw.command(["PING"]).await;
    assert_eq!(proxy.writes(), [b"*1\r\n$4\r\nPING\r\n"]);
    assert_eq!(proxy.reply_bytes(), "+OK\r\n+PONG\r\n".len());
    assert_eq!(proxy.url(), format!("redis://{}", proxy.addr()));
}

#[tokio::test]
async fn a_cut_reply_arrives_up_to_the_cut() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let mut raw = Raw::connect(proxy.addr()).await;
    proxy.cut_reply_after("+PONG\r\n+PO".len());
    assert_eq!(raw.command(["PING"]).await.text(), "PONG");
    raw.send(["PING"]).await;
    assert_eq!(raw.try_receive().await.unwrap_err().kind(), ErrorKind::UnexpectedEof);
    assert_eq!(Raw::connect(proxy.addr()).await.command(["PING"]).await.text(), "PONG");
    assert_eq!(proxy.connections(), 2);
}

#[tokio::test]
async fn what_came_through_before_a_cut_request_has_run_when_the_client_sees_the_end() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let mut raw = Raw::connect(proxy.addr()).await;
    let whole = b"*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n";
    proxy.cut_request_after(whole.len() + 5);
    raw.send_bytes(&whole.repeat(2)).await;
    assert_eq!(raw.try_receive().await.unwrap_err().kind(), ErrorKind::UnexpectedEof);
    assert_eq!(server.raw().await.command(["GET", "n"]).await, Frame::bulk("1"));
}

#[tokio::test]
async fn replies_can_come_byte_by_byte() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    proxy.trickle_replies();
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    stream.write_all(b"PING\r\n").await.unwrap();
    let mut reply = Vec::new();
    while !reply.ends_with(b"\n") {
        assert_eq!(stream.read_buf(&mut reply).await.unwrap(), 1);
    }
    assert_eq!(reply, b"+PONG\r\n");
}

#[tokio::test]
async fn disconnected_clients_may_come_again() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let mut raw = Raw::connect(proxy.addr()).await;
    raw.command(["PING"]).await;
    assert_eq!(proxy.open_connections(), 1);
    proxy.disconnect_all().await;
    assert_eq!(proxy.open_connections(), 0);
    assert!(raw.try_receive().await.is_err());
    assert_eq!(Raw::connect(proxy.addr()).await.command(["PING"]).await.text(), "PONG");
}

#[tokio::test]
async fn a_server_that_is_away_closes_the_connection_to_the_proxy() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    server.kill9();
    let mut raw = Raw::connect(proxy.addr()).await;
    assert!(raw.try_receive().await.is_err());
    server.restart().await;
    assert_eq!(Raw::connect(proxy.addr()).await.command(["PING"]).await.text(), "PONG");
}

#[tokio::test]
async fn a_fake_says_what_it_is_told_to() {
    let echo = Fake::start(|heard| heard.to_vec()).await;
    assert_eq!(Raw::connect(echo.addr()).await.command(["A"]).await.texts(), ["A"]);

    let mut count = 0;
    let counting = Fake::commands(move |command| {
        count += 1;
        format!(":{}\r\n", count * command.len()).into_bytes()
    })
    .await;
    let mut raw = Raw::connect(counting.addr()).await;
    raw.send_bytes(b"*1\r\n$1\r\nA\r\n*2\r\n$1\r\nA\r\n$1\r\nB\r\n").await;
    assert_eq!((raw.receive().await.integer(), raw.receive().await.integer()), (1, 4));
    assert!(counting.url().starts_with("redis://127.0.0.1:"));
}

#[tokio::test]
async fn a_fake_that_speaks_first_holds_the_line_or_closes_it() {
    let closing = Fake::closing("+hello\r\n").await;
    let mut raw = Raw::connect(closing.addr()).await;
    raw.send(["PING"]).await;
    assert_eq!(raw.receive().await.text(), "hello");
    assert_eq!(raw.try_receive().await.unwrap_err().kind(), ErrorKind::UnexpectedEof);

    let holding = Fake::holding("$5\r\nhe").await;
    let mut raw = Raw::connect(holding.addr()).await;
    assert!(timeout(Duration::from_millis(50), raw.try_receive()).await.is_err());
}

#[tokio::test]
async fn a_dropped_connection_stays_open_and_says_nothing() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let mut before = Raw::connect(proxy.addr()).await;
    before.command(["PING"]).await;
    proxy.drop_open();
    before.send(["INCR", "a"]).await;
    let mut after = Raw::connect(proxy.addr()).await;
    assert_eq!(after.command(["GET", "a"]).await, Frame::Null);
    server.kill9();
    assert!(after.try_receive().await.is_err());
    assert!(timeout(Duration::from_millis(50), before.try_receive()).await.is_err(), "the end was passed on");
}

#[tokio::test]
async fn a_delay_holds_everything_back() {
    let server = Server::start().await;
    let proxy = Proxy::without_record(server.addr()).await;
    let mut raw = Raw::connect(proxy.addr()).await;
    proxy.delay(Duration::from_millis(20));
    let started = Instant::now();
    raw.command(["PING"]).await;
    assert!(started.elapsed() >= Duration::from_millis(40), "there and back took {:?}", started.elapsed());
    assert!(proxy.writes().is_empty());
}

#[tokio::test]
async fn new_connections_lead_to_the_server_that_was_named_last() {
    let (first, second) = (Server::start().await, Server::start().await);
    let proxy = Proxy::start(first.addr()).await;
    let mut old = Raw::connect(proxy.addr()).await;
    old.command(["SET", "name", "first"]).await;
    proxy.forward_to(second.addr());
    assert_eq!(Raw::connect(proxy.addr()).await.command(["GET", "name"]).await, Frame::Null);
    assert_eq!(old.command(["GET", "name"]).await.text(), "first");
}
