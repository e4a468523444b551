//! Handshakes with servers and proxies that refuse a part of it, and with servers that serve nothing for now.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::task::{JoinSet, yield_now};
use typedis::{
    Client, Config, Error, Outcome, hlist,
    prelude::*,
    version::{Redis5_0, ServerVersion, Valkey7_2},
};
use typedis_testing::{Fake, HANG_UP, Raw, Server};

const HELLO: &[u8] = b"%2\r\n+server\r\n+redis\r\n+proto\r\n:3\r\n";

/// A peer that answers HELLO with `hello` and everything else as a server does, and the commands that it got.
async fn greeting(hello: impl Into<Vec<u8>>) -> (Fake, Arc<Mutex<Vec<String>>>) {
    let (hello, log) = (hello.into(), Arc::<Mutex<Vec<String>>>::default());
    let commands = Arc::clone(&log);
    let fake = Fake::commands(move |command| {
        commands.lock().unwrap().push(command.join(" "));
        match command[0].as_str() {
            "HELLO" => hello.clone(),
            "EXEC" => b"*0\r\n".to_vec(),
            "INCR" => b":1\r\n".to_vec(),
            _ => b"+OK\r\n".to_vec(),
        }
    })
    .await;
    (fake, log)
}

fn with_password(fake: &Fake) -> Config {
    Config::from_url(&fake.url()).unwrap().password("right").client_name("worker")
}

// HELLO.

#[tokio::test]
async fn a_hello_that_is_refused_in_any_words_is_followed_by_auth() {
    for refusal in [
        "ERR unknown command `HELLO`, with args beginning with: `3` `AUTH` ",
        "unsupported command 'HELLO'",
        "ERR unsupported command `hello`",
        "NOAUTH Authentication required.",
        "NOPERM this user has no permissions to run the 'hello' command",
        "NOPROTO unsupported protocol version",
        "ERR Protocol error",
        "",
    ] {
        let (fake, log) = greeting(format!("-{refusal}\r\n")).await;
        let client = Client::open(with_password(&fake)).await.unwrap_or_else(|error| panic!("{refusal}: {error}"));
        assert_eq!(client.incr("a").await.unwrap(), 1, "{refusal}");
        let commands = log.lock().unwrap();
        let behind = commands.iter().skip_while(|command| !command.starts_with("AUTH")).take(2).collect::<Vec<_>>();
        assert_eq!(behind, ["AUTH right", "CLIENT SETNAME worker"], "{refusal}");
    }
}

#[tokio::test]
async fn a_hello_that_says_what_a_login_would_meet_too_is_the_end() {
    for refusal in [
        "WRONGPASS invalid username-password pair or user is disabled.",
        "LOADING Redis is loading the dataset in memory",
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "BUSY Redis is busy running a script.",
        "ERR max number of clients reached",
    ] {
        let (fake, log) = greeting(format!("-{refusal}\r\n")).await;
        let config = with_password(&fake).connect_timeout(Duration::from_millis(50));
        let error = Client::open(config).await.unwrap_err();
        let Error::Handshake { command: "HELLO", error, .. } = error else { panic!("{error:?}") };
        assert_eq!(error.message(), refusal);
        assert!(!log.lock().unwrap().iter().any(|command| command.starts_with("AUTH")), "{refusal}");
    }
}

#[tokio::test]
async fn a_password_that_is_missing_is_told_in_the_words_of_hello() {
    let server = Server::builder().arg("--requirepass", "right").start().await;
    let error = Client::connect(&server.url()).await.unwrap_err();
    assert!(matches!(error, Error::Handshake { command: "HELLO", .. }), "{error:?}");
    assert!(error.to_string().ends_with("check the user and the password of the URL"), "{error}");
    // Valkey from 9.0 on says so even of a command that it does not know.
    let server = Server::builder().arg("--rename-command", "HELLO \"\"").arg("--requirepass", "right").start().await;
    let error = Client::connect(&server.url()).await.unwrap_err();
    assert!(error.to_string().contains("NOAUTH") && error.to_string().contains("check the user"), "{error}");
}

#[tokio::test]
async fn a_server_that_answers_hello_3_with_proto_2_is_spoken_to_in_resp2() {
    for hello in [
        "%3\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n6.0.0\r\n$5\r\nproto\r\n:2\r\n",
        "*6\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n6.0.0\r\n$5\r\nproto\r\n:2\r\n",
    ] {
        let (fake, log) = greeting(hello).await;
        let config = with_password(&fake);
        let client = Client::open(config).await.unwrap();
        assert_eq!(client.incr("a").await.unwrap(), 1);
        let commands = log.lock().unwrap().clone();
        let expected = ["HELLO 3 AUTH default right SETNAME worker", "PING", "MULTI", "EXEC", "INCR a"];
        assert_eq!(commands, expected, "one handshake is enough");
    }
}

#[tokio::test]
async fn a_hello_without_a_role_and_with_fields_of_any_kind_is_read() {
    let unknown = "+modules\r\n*1\r\n%1\r\n+name\r\n+lua\r\n+since\r\n~1\r\n#t\r\n+zone\r\n_\r\n";
    let (fake, _) =
        greeting(format!("|1\r\n+ttl\r\n:1\r\n%5\r\n{unknown}+version\r\n+7.4.0\r\n+proto\r\n:3\r\n")).await;
    let client = Client::connect(&fake.url()).await.unwrap();
    assert_eq!(client.incr("a").await.unwrap(), 1);
}

// Parts of the handshake that a peer does not know.

#[tokio::test]
async fn a_server_without_transactions_serves_all_else() {
    let fake = Fake::commands(|command| match command[0].as_str() {
        "HELLO" => b"*4\r\n+server\r\n+redis\r\n+proto\r\n:2\r\n".to_vec(),
        "PING" => b"+PONG\r\n".to_vec(),
        "INCR" => b":1\r\n".to_vec(),
        other => format!("-ERR unknown command '{other}', with args beginning with: \r\n").into_bytes(),
    })
    .await;
    let client = Client::connect(&fake.url()).await.unwrap();
    assert_eq!(client.incr("a").await.unwrap(), 1);
    let error = client.pipeline().incr("a").execute().await.unwrap_err();
    assert!(matches!(error, Error::Server { at, .. } if at.name == "MULTI"), "{error:?}");
    assert!(error.to_string().contains("unknown command 'MULTI'"), "{error}");
}

#[tokio::test]
async fn a_peer_that_closes_the_connection_at_multi_serves_all_else() {
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    let fake = Fake::commands(move |command| match command[0].as_str() {
        "HELLO" => {
            counted.fetch_add(1, Ordering::Relaxed);
            HELLO.to_vec()
        }
        "MULTI" => HANG_UP.to_vec(),
        "INCR" | "BLPOP" => b":1\r\n".to_vec(),
        _ => b"+OK\r\n".to_vec(),
    })
    .await;
    let client = Client::connect(&fake.url()).await.unwrap();
    assert_eq!(client.incr("a").await.unwrap(), 1);
    assert_eq!(connections.load(Ordering::Relaxed), 2, "one that was closed, and one that was not asked");
    let tx = client.pipeline().watch("a").await.unwrap();
    assert_eq!(connections.load(Ordering::Relaxed), 3, "a dedicated one is not asked any more");
    for error in
        [tx.multi().incr("a").execute().await.unwrap_err(), client.pipeline().incr("a").execute().await.unwrap_err()]
    {
        assert!(matches!(&error, Error::Server { at, .. } if at.name == "MULTI"), "{error:?}");
        assert!(error.to_string().contains("closed at MULTI"), "{error}");
    }
    assert_eq!(client.incr("a").await.unwrap(), 1, "the shared connection is the same");
    assert_eq!(connections.load(Ordering::Relaxed), 5, "the first transaction has asked, as the first connection did");
}

// Servers that serve nothing for now.

/// A server with a password that a script keeps busy until it is killed, and a connection to kill it by.
async fn busy_server() -> (Server, Raw) {
    let server = Server::builder().arg("--lua-time-limit", "1").arg("--requirepass", "right").start().await;
    let mut script = server.raw().await;
    script.send(["EVAL", "while true do end", "0"]).await;
    let mut raw = server.raw().await;
    while !raw.command(["PING"]).await.is_error() {}
    (server, raw)
}

/// Opens a client of any version.
async fn opens<V: ServerVersion>(config: Config<V>) -> Result<(), Error> {
    Client::open(config).await.map(drop)
}

#[tokio::test]
async fn opening_waits_for_a_server_that_is_busy_with_a_script() {
    for protocol in ["2", "3"] {
        let (server, mut raw) = busy_server().await;
        let config = |path: &str| {
            let url = format!("redis://:right@{}{path}?protocol={protocol}", server.addr());
            Config::from_url(&url).unwrap()
        };
        let mut opening = JoinSet::new();
        for config in [config(""), config("/2"), config("").client_name("worker")] {
            opening.spawn(opens(config));
        }
        opening.spawn(opens(config("/1").at_least((Redis5_0, Valkey7_2))));
        let short = opens(config("").connect_timeout(Duration::from_millis(200)));
        let error = short.await.unwrap_err();
        assert!(error.to_string().contains("BUSY") && !error.may_have_run(), "{error}");
        assert!(opening.try_join_next().is_none(), "the others wait");
        assert_eq!(raw.command(["SCRIPT", "KILL"]).await.text(), "OK");
        for opened in opening.join_all().await {
            opened.unwrap();
        }
    }
}

#[tokio::test]
async fn a_dedicated_connection_waits_for_a_server_that_is_busy_with_a_script() {
    let server = Server::builder().arg("--lua-time-limit", "1").start().await;
    let client = Client::connect(&format!("{}/1", server.url())).await.unwrap();
    let mut script = server.raw().await;
    script.send(["EVAL", "while true do end", "0"]).await;
    let mut raw = server.raw().await;
    while !raw.command(["PING"]).await.is_error() {}
    let watching = tokio::spawn({
        let client = client.clone();
        async move { client.pipeline().watch("a").await?.multi().incr("a").execute().await }
    });
    while client.metrics().connect_failures == 0 {
        yield_now().await;
    }
    assert_eq!(raw.command(["SCRIPT", "KILL"]).await.text(), "OK");
    assert_eq!(watching.await.unwrap().unwrap(), Outcome::Committed(hlist![1]));
}
