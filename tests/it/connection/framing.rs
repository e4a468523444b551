//! Framing: where one reply ends and the next begins, with push messages within replies and line feeds within texts.

use std::{
    collections::{BTreeMap, HashMap},
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc::{self, UnboundedSender},
};
use typedis::{Client, Config, Error, HashFields, Outcome, Value, hlist_pat, prelude::*};
use typedis_testing::{Fake, Frame, Raw, Server};

/// A relay before a server that also sends requests of its own on the client's connection, as a client with subscriptions
/// would.
struct Relay {
    address: SocketAddr,
    requests: UnboundedSender<Vec<u8>>,
    /// The server's bytes.
    replies: Arc<Mutex<Vec<u8>>>,
}

impl Relay {
    /// Serves one connection.
    async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let (requests, mut added) = mpsc::unbounded_channel::<Vec<u8>>();
        let relay = Relay { address: listener.local_addr().unwrap(), requests, replies: Arc::default() };
        let replies = Arc::clone(&relay.replies);
        tokio::spawn(async move {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut server = TcpStream::connect(server).await.unwrap();
            let (mut from_client, mut from_server) = ([0; 4096], [0; 4096]);
            loop {
                tokio::select! {
                    biased;
                    Some(request) = added.recv() => server.write_all(&request).await.unwrap(),
                    Ok(length) = client.read(&mut from_client) => match length {
                        0 => return,
                        _ => server.write_all(&from_client[..length]).await.unwrap(),
                    },
                    Ok(length) = server.read(&mut from_server) => {
                        replies.lock().unwrap().extend_from_slice(&from_server[..length]);
                        client.write_all(&from_server[..length]).await.unwrap();
                    }
                    else => return,
                }
            }
        });
        relay
    }

    /// Sends `request` before all that the client sends from now on.
    fn send(&self, request: &[u8]) {
        self.requests.send(request.to_vec()).unwrap();
    }

    fn has_sent(&self, bytes: &[u8]) -> bool {
        self.replies.lock().unwrap().windows(bytes.len()).any(|window| window == bytes)
    }
}

#[tokio::test]
async fn own_messages_in_a_transaction_shift_no_reply() {
    let server = Server::start().await;
    let relay = Relay::start(server.addr()).await;
    let client = Client::connect(&format!("redis://{}", relay.address)).await.unwrap();
    let mut admin = Raw::connect(server.addr()).await;
    assert_eq!(admin.command(["CONFIG", "SET", "notify-keyspace-events", "KEA"]).await.text(), "OK");
    relay.send(b"SUBSCRIBE news\r\nPSUBSCRIBE __key*__:*\r\n");
    let callers: Vec<_> = (0..20)
        .map(|caller: i64| {
            let client = client.clone();
            tokio::spawn(async move {
                let (key, list) = (format!("key:{caller}"), format!("list:{caller}"));
                for round in 0..20 {
                    let publishing = "return {redis.call('PUBLISH', 'news', 'again'), ARGV[1]}";
                    let hlist_pat![(), one, length, both, got] = client
                        .pipeline()
                        .set(&key, caller)
                        .publish("news", "today")
                        .rpush(&list, round)
                        .eval::<(i64, String)>(publishing, (), round)
                        .get::<i64>(&key)
                        .execute()
                        .await
                        .unwrap();
                    assert_eq!((one, length, got), (1, round + 1, Some(caller)));
                    assert_eq!(both, (1, round.to_string()));
                    assert_eq!(client.get::<i64>(&key).await.unwrap(), Some(caller));
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    assert!(relay.has_sent(b"pmessage"), "the connection was subscribed");
    // Later servers, and Valkey, send the messages behind the array.
    if server.version() < (7, 1, 0) {
        assert!(relay.has_sent(b"*5\r\n>4\r\n$8\r\npmessage\r\n"), "a message came within EXEC's array");
    }
}

#[derive(Debug, PartialEq, HashFields)]
struct Account {
    name: String,
    balance: i64,
}

/// Replies with a push message before every element of an aggregate, and an attribute with one before its reply.
fn interrupted(command: &str) -> Vec<u8> {
    let push = ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n";
    let reply = match command {
        "HELLO" => "%1\r\n$5\r\nproto\r\n:3\r\n",
        "EXEC" => "*2\r\n^+OK\r\n^^*2\r\n^$1\r\na\r\n^$1\r\nb\r\n",
        "SMEMBERS" => "~2\r\n^$1\r\na\r\n^$1\r\nb\r\n",
        "HGETALL" => "%2\r\n^$4\r\nname\r\n^$3\r\nAda\r\n^$7\r\nbalance\r\n^$1\r\n7\r\n",
        "ZPOPMIN" => "*1\r\n^*2\r\n^$1\r\na\r\n^,1.5\r\n",
        "MGET" => "*2\r\n^_\r\n^$1\r\nb\r\n",
        "EVAL" => "*4\r\n^*0\r\n^%1\r\n^+a\r\n^~1\r\n^:1\r\n^_\r\n^#t\r\n",
        "INCR" => "|1\r\n^+ttl\r\n^:3\r\n^:8\r\n",
        "GET" => "^$1\r\n7\r\n",
        "SET" | "LRANGE" => "+QUEUED\r\n",
        _ => "+OK\r\n",
    };
    reply.replace('^', push).into()
}

#[tokio::test]
async fn a_push_within_a_reply_is_no_element_of_any_type() {
    let fake = Fake::commands(|command| interrupted(&command[0].to_ascii_uppercase())).await;
    let client = Client::connect(&fake.url()).await.unwrap();
    let ab = || vec!["a".to_owned(), "b".to_owned()];
    for _ in 0..2 {
        assert_eq!(client.smembers::<String>("k").await.unwrap(), ab());
        let account = Account { name: "Ada".into(), balance: 7 };
        assert_eq!(client.hgetall::<Account>("k").await.unwrap(), account);
        let pairs = [("name", "Ada"), ("balance", "7")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(client.hgetall::<HashMap<String, String>>("k").await.unwrap(), HashMap::from(pairs.clone()));
        assert_eq!(client.hgetall::<BTreeMap<String, String>>("k").await.unwrap(), BTreeMap::from(pairs));
        assert_eq!(client.zpopmin::<String>("k").await.unwrap(), Some(("a".to_owned(), 1.5)));
        assert_eq!(client.mget::<String>(["a", "b"]).await.unwrap(), [None, Some("b".to_owned())]);
        let nested = Value::Map(vec![(Value::Status("a".into()), Value::Set(vec![Value::Integer(1)]))]);
        let all = Value::Array(vec![Value::Array(vec![]), nested, Value::Null, Value::Flag(true)]);
        assert_eq!(client.eval::<Value>("", (), ()).await.unwrap(), all);
        client.eval::<()>("", (), ()).await.unwrap();
        assert_eq!(client.incr("k").await.unwrap(), 8);
        let hlist_pat![(), list] = client.pipeline().set("k", 1).lrange::<String>("l", 0, -1).execute().await.unwrap();
        assert_eq!(list, ab());
        let mut tx = client.pipeline().watch("k").await.unwrap();
        assert_eq!(tx.get::<i64>("k").await.unwrap(), Some(7));
        let committed = tx.multi().set("k", 1).lrange::<String>("l", 0, -1).execute().await.unwrap();
        let Outcome::Committed(hlist_pat![(), list]) = committed else { panic!("{committed:?}") };
        assert_eq!(list, ab());
    }
    // A type that cannot be read from its reply shifts no other either.
    assert!(client.eval::<(i64, i64)>("", (), ()).await.is_err());
    assert_eq!(client.incr("k").await.unwrap(), 8);
}

/// A peer that answers EVAL with `reply`, and everything else as [`interrupted`] does.
async fn evaluating(reply: &'static [u8]) -> (Fake, Client) {
    let fake = Fake::commands(move |command| match command[0].to_ascii_uppercase().as_str() {
        "EVAL" => reply.to_vec(),
        name => interrupted(name),
    })
    .await;
    let config = Config::from_url(&fake.url()).unwrap().max_reply_bytes(1000);
    (fake, Client::open(config.response_timeout(Duration::from_secs(5))).await.unwrap())
}

#[tokio::test]
async fn a_push_within_a_reply_is_bounded_and_holds_no_other() {
    let endless: &[u8] = [b"*2\r\n:1\r\n".to_vec(), b">1\r\n+a\r\n".repeat(200)].concat().leak();
    for (reply, words) in [(endless, "limit is 1000"), (b"*1\r\n>1\r\n>1\r\n+a\r\n:1\r\n", "within a push message")] {
        let (_fake, client) = evaluating(reply).await;
        let error = client.eval::<()>("", (), ()).await.unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(client.get::<i64>("k").await.unwrap(), Some(7), "on a new connection");
    }
}

#[tokio::test]
async fn a_line_feed_in_an_error_of_a_script_costs_no_other_caller_a_reply() {
    let server = Server::start().await;
    let sent = server.raw().await.command(["EVAL", "error('first\\nsecond')", "0"]).await;
    for protocol in ["?protocol=3", "?protocol=2"] {
        let client = Client::connect(&format!("{}{protocol}", server.url())).await.unwrap();
        client.set("k", 7).await.unwrap();
        let id = || async { client.eval::<i64>("return 5", (), ()).await };
        let failing = client.eval::<()>("error('first\\nsecond')", (), ());
        let (error, got, five) = tokio::join!(failing, client.get::<i64>("k"), id());
        let error = error.unwrap_err();
        let Error::Server { error: told, .. } = &error else { panic!("{error:?}") };
        // Redis 8.2 sends the line feed; other servers send a space instead.
        assert_eq!(Frame::Error(told.message().into()), sent);
        assert!(told.message().contains("first\nsecond") || told.message().contains("first second"), "{sent:?}");
        assert!(!error.to_string().contains('\n'), "{error}");
        assert_eq!((got.unwrap(), five.unwrap()), (Some(7), 5));
        let aborted = client.pipeline().eval::<()>("error('a\\nb')", (), ()).get::<i64>("k").execute_each().await;
        let hlist_pat![failed, got] = aborted.unwrap();
        assert!(failed.is_err());
        assert_eq!(got.unwrap(), Some(7));
    }
}

#[tokio::test]
async fn a_text_ends_at_cr_lf_alone_and_is_shown_in_one_line() {
    let (_fake, client) = evaluating(b"-ERR first\nsec\rond\n+OK\r\n").await;
    for _ in 0..2 {
        let error = client.eval::<()>("", (), ()).await.unwrap_err();
        let Error::Server { error: told, .. } = &error else { panic!("{error:?}") };
        assert_eq!(told.message(), "ERR first\nsec\rond\n+OK");
        assert_eq!(error.to_string(), "EVAL: ERR first\\nsec\\rond\\n+OK");
        assert_eq!(client.get::<i64>("k").await.unwrap(), Some(7));
    }
    let (_fake, client) = evaluating(b"+a\nb\r\n").await;
    assert_eq!(client.eval::<String>("", (), ()).await.unwrap(), "a\nb");
    assert_eq!(client.get::<i64>("k").await.unwrap(), Some(7));
    for reply in [&b":1\n2\r\n"[..], b"$1\n\r\na\r\n", b",1\r5\r\n", b"_\n\r\n"] {
        let (_fake, client) = evaluating(reply).await;
        let error = client.eval::<Value>("", (), ()).await.unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    }
}
