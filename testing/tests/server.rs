//! The server of a test is a real process, not shared with other tests, and killed at the end.

use std::{path::Path, time::Duration};
use tokio::time::timeout;
use typedis_testing::{Frame, Server, demo_server};

#[tokio::test]
async fn a_server_answers_and_ends_with_its_value() {
    let server = Server::start().await;
    assert_eq!(server.url(), format!("redis://127.0.0.1:{}", server.port()));
    assert_eq!(server.raw().await.command(["PING"]).await, Frame::Simple("PONG".into()));
    assert!(server.version() >= (5, 0, 0), "{:?}", server.version());
    let (pid, directory) = (server.pid(), directory_of(&server).await);
    assert!(Path::new(&directory).is_dir());
    drop(server);
    assert!(!Path::new(&format!("/proc/{pid}")).exists());
    assert!(!Path::new(&directory).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_servers_do_not_meet() {
    let servers: Vec<_> = (0..8).map(|_| tokio::spawn(Server::start())).collect();
    let mut ports = Vec::new();
    let mut kept = Vec::new();
    for server in servers {
        let server = server.await.unwrap();
        ports.push(server.port());
        kept.push(server);
    }
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 8);
}

#[tokio::test]
async fn a_password_is_given_by_the_judge() {
    let server = Server::builder().arg("--requirepass", "secret").start().await;
    assert_eq!(server.raw().await.command(["GET", "k"]).await, Frame::Null);
    let mut stranger = typedis_testing::Raw::connect(server.addr()).await;
    assert!(stranger.command(["GET", "k"]).await.is_error());
}

#[tokio::test]
async fn a_setting_is_a_line_of_the_configuration() {
    let server = Server::builder().arg("--rename-command", "HELLO \"\"").arg("databases", "3").start().await;
    let mut raw = server.raw().await;
    assert!(raw.command(["HELLO", "3"]).await.is_error());
    assert!(raw.command(["SELECT", "2"]).await.text() == "OK");
    assert!(raw.command(["SELECT", "3"]).await.is_error());
}

#[tokio::test]
async fn a_setting_that_the_server_refuses_is_told_in_its_own_words() {
    let error = Server::builder().arg("no-such-setting", "x").try_start().await.unwrap_err();
    assert!(error.to_string().contains("no-such-setting"), "{error}");
}

#[tokio::test]
async fn a_unix_socket_is_there_when_it_is_asked_for() {
    let server = Server::builder().unix_socket().start().await;
    assert!(tokio::net::UnixStream::connect(server.socket_path()).await.is_ok());
}

#[tokio::test]
async fn a_monitor_tells_what_ran_before_the_marker() {
    let server = Server::start().await;
    let mut monitor = server.monitor().await;
    let mut raw = server.raw().await;
    raw.command(["SET", "a", "1"]).await;
    raw.command(["ECHO", "the end"]).await;
    let lines = monitor.stop_at("the end").await;
    assert_eq!(lines.len(), 1);
    assert!(lines[0].ends_with(r#""SET" "a" "1""#), "{lines:?}");
}

#[tokio::test]
async fn a_frozen_server_is_silent_until_it_thaws() {
    let server = Server::start().await;
    let mut raw = server.raw().await;
    server.freeze();
    raw.send(["PING"]).await;
    assert!(timeout(Duration::from_millis(100), raw.try_receive()).await.is_err());
    server.thaw();
    assert_eq!(raw.receive().await.text(), "PONG");
}

#[tokio::test]
async fn a_killed_server_closes_its_connections_and_comes_back_on_its_port() {
    let server = Server::builder().arg("--requirepass", "x").start().await;
    let (mut raw, pid, port) = (server.raw().await, server.pid(), server.port());
    server.kill9();
    assert!(raw.try_receive().await.is_err());
    server.restart().await;
    assert_eq!(server.port(), port);
    assert_ne!(server.pid(), pid);
    assert_eq!(server.raw().await.command(["PING"]).await.text(), "PONG");
    server.restart().await;
    assert_eq!(server.raw().await.command(["PING"]).await.text(), "PONG");
}

#[tokio::test]
async fn an_example_gets_a_server_and_says_which() {
    let server = demo_server().await;
    assert!(server.url().starts_with("redis"), "{}", server.url());
    assert!(!server.describe().is_empty());
}

async fn directory_of(server: &Server) -> String {
    server.raw().await.command(["CONFIG", "GET", "dir"]).await.texts().remove(1)
}
