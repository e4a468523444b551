//! Bad input: each becomes an error with its cause, its command and a remedy, and nothing hangs.

use crate::support::client;
use std::time::{Duration, Instant};
use typedis::{Client, Config, Error, error::TimeoutKind, hlist_pat, prelude::*};
use typedis_testing::{ClosedPort, Fake, Proxy, Server};

/// Asserts that the error's message has each of `words`.
#[track_caller]
fn says(error: &Error, words: &[&str]) {
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "{text:?} should say {word:?}");
    }
}

/// A peer with a valid handshake that answers every other command with `reply`.
async fn answering(reply: Vec<u8>) -> (Fake, Client) {
    let fake = Fake::commands(move |command| match command[0].to_ascii_uppercase().as_str() {
        "HELLO" => b"%1\r\n$5\r\nproto\r\n:3\r\n".to_vec(),
        "PING" | "MULTI" | "SELECT" | "CLIENT" => b"+OK\r\n".to_vec(),
        "EXEC" => b"*0\r\n".to_vec(),
        _ => reply.clone(),
    })
    .await;
    let config = Config::from_url(&fake.url()).unwrap().response_timeout(Duration::from_secs(2));
    let client = Client::open(config).await.unwrap();
    (fake, client)
}

#[tokio::test]
async fn nothing_listening() {
    let port = ClosedPort::new();
    let error = Client::connect(&format!("redis://{}", port.addr())).await.unwrap_err();
    assert!(matches!(error, Error::Connect { .. }));
    says(&error, &[&port.addr().to_string(), "refused", "is a server listening there?"]);
}

#[tokio::test]
async fn a_wrong_password_and_a_missing_one() {
    let server = Server::builder().arg("--requirepass", "right").start().await;
    for user_and_password in [":wrong@", ""] {
        for protocol in ["2", "3"] {
            let url = format!("redis://{user_and_password}{}?protocol={protocol}", server.addr());
            let error = match Client::connect(&url).await {
                Err(error) => error,
                Ok(client) => client.get::<String>("a").await.unwrap_err(),
            };
            assert!(matches!(error, Error::Handshake { .. } | Error::Server { .. }), "{url}: {error:?}");
            says(&error, &["password"]);
        }
    }
}

#[tokio::test]
async fn a_database_that_does_not_exist() {
    let server = Server::start().await;
    let error = Client::connect(&format!("{}/99", server.url())).await.unwrap_err();
    says(&error, &["SELECT", "out of range"]);
}

#[tokio::test]
async fn wrong_urls_are_refused_by_name() {
    let wrong = [
        ("http://localhost", "http"),
        ("redis://", "host"),
        ("redis://host:notaport", "port"),
        ("redis://host:99999", "port"),
        ("redis://host/notanumber", "database"),
        ("redis://host?protocol=4", "protocol"),
        ("redis://host?colour=red", "colour"),
        #[cfg(not(feature = "tls"))]
        ("rediss://host", "turn on the feature `tls`"),
        ("localhost:6379", "redis://"),
        ("unix://", "path"),
        ("", "redis://"),
    ];
    for (url, word) in wrong {
        let error = Client::connect(url).await.unwrap_err();
        assert!(matches!(error, Error::Config(_)), "{url}: {error:?}");
        says(&error, &[word]);
    }
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_by_name() {
    let base = || Config::from_url("redis://127.0.0.1:1").unwrap();
    let zero = Duration::ZERO;
    let wrong = [
        (base().pool_size(0), "pool"),
        (base().connect_timeout(zero), "connect_timeout"),
        (base().response_timeout(zero), "response_timeout"),
        (base().pool_timeout(zero), "pool_timeout"),
        (base().client_name("two words"), "name"),
    ];
    for (config, word) in wrong {
        let error = Client::open(config).await.unwrap_err();
        assert!(matches!(error, Error::Config(_)), "{error:?}");
        says(&error, &[word]);
    }
}

#[tokio::test]
async fn a_command_without_permission() {
    let server = Server::start().await;
    let acl = ["ACL", "SETUSER", "guest", "on", ">secret", "~open:*", "+@all", "-append"];
    assert!(!server.raw().await.command(acl).await.is_error());
    let client = Client::connect(&format!("redis://guest:secret@{}", server.addr())).await.unwrap();
    says(&client.append("open:a", "x").await.unwrap_err(), &["APPEND", "NOPERM"]);
    let aborted = client.pipeline().incr("open:a").incr("closed:a").execute().await.unwrap_err();
    says(&aborted, &["did not run", "command 2 (INCR)", "NOPERM"]);
    assert_eq!(client.get::<i64>("open:a").await.unwrap(), None);
}

#[tokio::test]
async fn a_server_that_speaks_no_resp() {
    let http = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    let fake = Fake::start(move |_| http.to_vec()).await;
    let error = Client::connect(&fake.url()).await.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    says(&error, &["HTTP/1.1 400", "is this a Redis or Valkey server?"]);
}

#[tokio::test]
async fn a_server_that_never_answers() {
    let fake = Fake::holding(b"").await;
    let config = Config::from_url(&fake.url()).unwrap().connect_timeout(Duration::from_millis(100));
    let error = Client::open(config).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Connect, .. }), "{error:?}");
    says(&error, &["connecting", "100ms"]);
}

#[tokio::test]
async fn a_connection_cut_in_the_middle_of_a_reply() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let client = Client::connect(&proxy.url()).await.unwrap();
    client.set("big", "x".repeat(100_000)).await.unwrap();
    proxy.cut_reply_after(50_000);
    let error = client.get::<String>("big").await.unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    says(&error, &["GET", "may or may not have run"]);
    assert_eq!(client.get::<String>("big").await.unwrap().unwrap().len(), 100_000);
}

#[tokio::test]
async fn a_gigabyte_announced_and_never_sent() {
    let (_fake, client) = answering(b"$1073741824\r\nx".to_vec()).await;
    let error = client.get::<String>("a").await.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    says(&error, &["1073741824 bytes", "limit", "GET"]);
}

#[tokio::test]
async fn elements_announced_and_never_sent_cost_no_memory_and_a_timeout() {
    let (_fake, client) = answering(b"*60000000\r\n".to_vec()).await;
    let error = client.keys::<Vec<String>>("*").await.unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Response, .. }), "{error:?}");
    let (_fake, client) = answering(b"*1000000000000\r\n".to_vec()).await;
    says(&client.keys::<Vec<String>>("*").await.unwrap_err(), &["1000000000000 elements", "KEYS"]);
}

#[tokio::test]
async fn nesting_of_a_hundred_thousand() {
    let (_fake, client) = answering(b"*1\r\n".repeat(100_000)).await;
    let error = client.eval::<typedis::Value>("return 1", (), ()).await.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    says(&error, &["nested", "EVAL"]);
}

#[tokio::test]
async fn a_limit_on_replies_can_be_set() {
    let server = Server::start().await;
    let client = Client::open(Config::from_url(&server.url()).unwrap().max_reply_bytes(10_000)).await.unwrap();
    client.set("a", "x".repeat(20_000)).await.unwrap();
    says(&client.get::<String>("a").await.unwrap_err(), &["20000 bytes", "10000"]);
}

#[tokio::test]
async fn invalid_utf8_read_as_a_string() {
    let (_server, client) = client().await;
    client.set("a", [0xff, 0xfe]).await.unwrap();
    let error = client.get::<String>("a").await.unwrap_err();
    assert!(matches!(error, Error::Reply { .. }));
    says(&error, &["GET", "UTF-8", "Bytes"]);
    let hlist_pat![text, bytes] =
        client.pipeline().get::<String>("a").get::<Vec<u8>>("a").execute_each().await.unwrap();
    assert!(text.is_err());
    assert_eq!(bytes.unwrap(), Some(vec![0xff, 0xfe]), "it can still be had as bytes");
}

#[tokio::test]
async fn numbers_that_do_not_fit() {
    let (_server, client) = client().await;
    client
        .mset([("small", "300"), ("big", "99999999999999999999"), ("text", "twelve"), ("minus", "-1")])
        .await
        .unwrap();
    says(&client.get::<u8>("small").await.unwrap_err(), &["GET", "`300`", "`u8`"]);
    says(&client.get::<i64>("big").await.unwrap_err(), &["99999999999999999999"]);
    says(&client.get::<i64>("text").await.unwrap_err(), &["twelve", "integer"]);
    says(&client.get::<u64>("minus").await.unwrap_err(), &["`-1`", "`u64`"]);
    says(&client.get::<bool>("text").await.unwrap_err(), &["twelve"]);
    assert_eq!(client.get::<u128>("big").await.unwrap(), Some(99_999_999_999_999_999_999));
}

#[tokio::test]
async fn an_empty_collection_is_refused_before_anything_is_sent() {
    let (_server, client) = client().await;
    let none: [&str; 0] = [];
    let error = client.pipeline().incr("a").del(none).execute().await.unwrap_err();
    assert!(matches!(error, Error::Argument { .. }));
    says(&error, &["command 2 (DEL)", "empty", "nothing was sent"]);
    assert_eq!(client.get::<i64>("a").await.unwrap(), None);
    says(&client.del(none).await.unwrap_err(), &["DEL", "empty"]);
    says(&client.pipeline().watch(none).await.unwrap_err(), &["WATCH", "empty"]);
}

#[tokio::test]
async fn an_argument_that_lies_about_its_parts_becomes_no_protocol() {
    struct Liar;
    impl typedis::argument::Argument for Liar {
        fn write(&self, out: &mut typedis::argument::Writer) {
            out.bulk(b"a");
            out.bulk(b"b");
        }
    }
    typedis::value!(Liar);
    let (_server, client) = client().await;
    says(&client.set("key", Liar).await.unwrap_err(), &["SET", "announced", "nothing was sent"]);
    assert_eq!(client.get::<String>("key").await.unwrap(), None);
}

#[tokio::test]
async fn a_frozen_server_is_a_timeout_and_the_order_of_replies_survives_it() {
    let server = Server::start().await;
    let config = Config::from_url(&server.url()).unwrap().response_timeout(Duration::from_millis(200));
    let client = Client::open(config).await.unwrap();
    client.set("a", "mine").await.unwrap();
    server.freeze();
    let error = client.get::<String>("b").await.unwrap_err();
    server.thaw();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Response, .. }), "{error:?}");
    assert_eq!(client.get::<String>("a").await.unwrap().as_deref(), Some("mine"));
}

#[tokio::test]
async fn a_pool_that_is_used_up_is_a_timeout_with_advice() {
    let server = Server::start().await;
    let config = Config::from_url(&server.url()).unwrap().pool_size(1).pool_timeout(Duration::from_millis(50));
    let client = Client::open(config).await.unwrap();
    let _holding = client.pipeline().watch("a").await.unwrap();
    let error = client.pipeline().watch("b").await.unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Pool, .. }), "{error:?}");
    says(&error, &["pool", "50ms", "pool_size"]);
}

#[tokio::test]
async fn a_server_without_hello_is_spoken_to_in_resp2() {
    let server = Server::builder().arg("--rename-command", "HELLO \"\"").arg("--requirepass", "right").start().await;
    let client = Client::connect(&format!("redis://:right@{}/2", server.addr())).await.unwrap();
    let hlist_pat![(), some, none] =
        client.pipeline().set("a", 1).get::<i64>("a").get::<i64>("b").execute().await.unwrap();
    assert_eq!((some, none), (Some(1), None));
    let list = server.raw().await.command(["CLIENT", "LIST"]).await.text();
    assert!(list.contains(" db=2 "), "{list}");
}

#[tokio::test]
async fn a_unix_socket_serves_too() {
    let server = Server::builder().unix_socket().start().await;
    let client = Client::connect(&format!("unix://{}?db=1", server.socket_path().display())).await.unwrap();
    client.set("a", 1).await.unwrap();
    let mut tx = client.pipeline().watch("a").await.unwrap();
    assert_eq!(tx.get::<i64>("a").await.unwrap(), Some(1));
}

#[tokio::test]
async fn push_messages_without_end_cost_a_timeout_and_no_memory() {
    let pushes = b">2\r\n+invalidate\r\n*0\r\n".repeat(50_000);
    let mut flood = false;
    let fake = Fake::commands(move |command| match command[0].to_ascii_uppercase().as_str() {
        "HELLO" => b"%1\r\n$5\r\nproto\r\n:3\r\n".to_vec(),
        "PING" | "MULTI" => b"+OK\r\n".to_vec(),
        "EXEC" => b"*0\r\n".to_vec(),
        _ if flood => b"+OK\r\n".to_vec(),
        _ => {
            flood = true;
            pushes.clone()
        }
    })
    .await;
    let config = Config::from_url(&fake.url()).unwrap().response_timeout(Duration::from_millis(300));
    let client = Client::open(config.max_reply_bytes(1000)).await.unwrap();
    let error = client.get::<String>("a").await.unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Response, .. }), "{error:?}");
    says(&error, &["GET"]);
}

#[tokio::test]
async fn push_messages_before_a_reply_are_read_past() {
    let (_fake, client) = answering(b">2\r\n+invalidate\r\n*0\r\n:7\r\n".to_vec()).await;
    assert_eq!(client.incr("a").await.unwrap(), 7);
    let hlist_pat![seven] = client.pipeline().without_transaction().incr("a").execute().await.unwrap();
    assert_eq!(seven, 7);
}

#[tokio::test]
async fn a_command_that_blocks_on_a_frozen_server_ends_after_its_own_timeout() {
    let server = Server::start().await;
    let config = Config::from_url(&server.url()).unwrap().response_timeout(Duration::from_millis(200));
    let client = Client::open(config).await.unwrap();
    assert_eq!(client.blpop::<String>("nothing", 0.1).await.unwrap(), None);
    server.freeze();
    let error = client.blpop::<String>("nothing", 0.1).await.unwrap_err();
    server.thaw();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Response, .. }), "{error:?}");
    says(&error, &["BLPOP", "300ms"]);
}

#[tokio::test]
async fn a_script_that_answers_nothing_or_false_is_read() {
    let (server, client) = client().await;
    for client in [client, Client::connect(&format!("{}?protocol=2", server.url())).await.unwrap()] {
        client.eval::<()>("local a = 1", (), ()).await.unwrap();
        client.eval::<()>("return {1, 2}", (), ()).await.unwrap();
        assert!(!client.eval::<bool>("return false", (), ()).await.unwrap());
        assert!(client.eval::<bool>("return true", (), ()).await.unwrap());
        says(&client.eval::<()>("return redis.error_reply('MINE no')", (), ()).await.unwrap_err(), &["MINE"]);
    }
}

#[tokio::test]
async fn half_open_connections_of_the_pool_cost_one_timeout_together() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let timeout = Duration::from_millis(300);
    let config = Config::from_url(&proxy.url()).unwrap().response_timeout(timeout).pool_size(10);
    let client = Client::open(config).await.unwrap();
    let mut watching = Vec::new();
    for _ in 0..10 {
        watching.push(client.pipeline().watch("key").await.unwrap());
    }
    proxy.drop_open();
    drop(watching); // each owes the reply to its UNWATCH now
    let started = Instant::now();
    let tx = client.pipeline().watch("key").await.unwrap();
    assert!(!tx.multi().incr("key").execute().await.unwrap().is_conflict());
    assert!(started.elapsed() < 4 * timeout, "it took {:?}", started.elapsed());
}
