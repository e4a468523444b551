//! The shared connection: its handshake, the order of its replies, its end. `pool` has dedicated connections.

use crate::support::{client, connections, kill};
use tokio::task::{JoinSet, yield_now};
use typedis::{Client, Config, Error, Event, Protocol, error::CommandPosition, hlist_pat, prelude::*};
use typedis_testing::{Fake, Raw, Server, drop_after};

const PROTOCOLS: [Protocol; 2] = [Protocol::Resp3, Protocol::Resp2];

fn config(server: &Server) -> Config {
    Config::from_url(&server.url()).unwrap()
}

/// Adds a user with the password `secret` and these ACL rules.
async fn add_user(server: &Server, name: &str, rules: &str) {
    let words = ["ACL", "SETUSER", name, "on", ">secret", "~*"];
    let reply = server.raw().await.command(words.into_iter().chain(rules.split(' '))).await;
    assert!(!reply.is_error(), "{reply:?}");
}

// Order.

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replies_to_many_tasks_are_not_mixed_up() {
    let server = Server::start().await;
    for protocol in PROTOCOLS {
        let client = Client::open(config(&server).protocol(protocol)).await.unwrap();
        let mut tasks = JoinSet::new();
        for task in 0..32 {
            let client = client.clone();
            tasks.spawn(async move {
                let key = format!("key:{task}");
                for n in 0..50 {
                    let value = format!("{task}-{n}");
                    let hlist_pat![(), stored] =
                        client.pipeline().set(&key, &value).get::<String>(&key).execute().await.unwrap();
                    assert_eq!(stored.as_ref(), Some(&value));
                    assert_eq!(client.echo::<String>(&value).await.unwrap(), value);
                }
            });
        }
        tasks.join_all().await;
    }
}

#[tokio::test]
async fn large_and_small_requests_of_the_same_moment_keep_their_order() {
    let (_server, client) = client().await;
    let echo = async |size: usize| assert_eq!(client.echo::<Vec<u8>>("x".repeat(size)).await.unwrap().len(), size);
    tokio::join!(echo(1), echo(9000), echo(3), echo(5_000_000), echo(2), echo(100_000), echo(8192), echo(10));
}

#[tokio::test]
async fn a_caller_that_leaves_at_any_await_takes_nobodys_reply() {
    let (_server, client) = client().await;
    for polls in 1.. {
        let left = client.pipeline().without_transaction().echo::<String>("one").echo::<String>("two").execute();
        let done = drop_after(left, polls).await.is_some();
        assert_eq!(client.echo::<String>("mine").await.unwrap(), "mine", "after {polls} polls");
        if done {
            break;
        }
    }
}

#[tokio::test]
async fn push_messages_answer_nobody() {
    let fake = Fake::commands(|command| {
        let reply: &[u8] = match command[0].as_str() {
            "HELLO" => b"%1\r\n$5\r\nproto\r\n:3\r\n",
            "EXEC" => b"*1\r\n:1\r\n",
            "INCR" => b"+QUEUED\r\n",
            "GET" => b"$5\r\nvalue\r\n",
            "KEYS" => b"*1\r\n$3\r\nkey\r\n",
            _ => b"+OK\r\n",
        };
        const PUSH: &[u8] = b">2\r\n$10\r\ninvalidate\r\n*1\r\n$3\r\nkey\r\n";
        [PUSH, reply, PUSH].concat()
    })
    .await;
    // The handshake's EXEC reports an empty transaction here, which is not true and is ignored.
    let client = Client::connect(&fake.url()).await.unwrap();
    let mut tx = client.pipeline().watch("a").await.unwrap();
    for _ in 0..10 {
        assert_eq!(client.get::<String>("key").await.unwrap().as_deref(), Some("value"));
        assert_eq!(client.keys::<Vec<String>>("*").await.unwrap(), ["key"]);
        assert_eq!(client.pipeline().incr("a").execute().await.unwrap(), typedis::hlist![1]);
        assert_eq!(tx.get::<String>("key").await.unwrap().as_deref(), Some("value"));
    }
    assert!(!tx.multi().incr("a").execute().await.unwrap().is_conflict());
}

// The end of a connection.

#[tokio::test]
async fn a_killed_connection_is_replaced() {
    let (server, client) = client().await;
    let id = client.client_id().await.unwrap();
    let mut events = client.events();
    kill(&server, id).await;
    assert!(matches!(events.next().await, Some(Event::Lost { .. })));
    assert_ne!(client.client_id().await.unwrap(), id);
    client.echo::<String>("one shared connection").await.unwrap();
    assert_eq!(connections(&mut server.raw().await).await.len(), 1);
}

#[tokio::test]
async fn the_last_clone_closes_all_connections() {
    let (server, client) = client().await;
    let mut raw = server.raw().await;
    let (second, tx) = (client.clone(), client.pipeline().watch("a").await.unwrap());
    drop((client, tx));
    assert_eq!(second.echo::<String>("still here").await.unwrap(), "still here");
    assert_eq!(connections(&mut raw).await.len(), 2);
    drop(second);
    while !connections(&mut raw).await.is_empty() {
        yield_now().await;
    }
}

// The handshake.

#[tokio::test]
async fn every_connection_is_what_was_configured() {
    let server = Server::start().await;
    for (protocol, resp) in [(Protocol::Resp3, "3"), (Protocol::Resp2, "2")] {
        let config = config(&server).database(3).client_name("worker").protocol(protocol);
        let client = Client::open(config).await.unwrap();
        let _tx = client.pipeline().watch("a").await.unwrap();
        let connections = connections(&mut server.raw().await).await;
        let ours: Vec<_> = connections.iter().filter(|connection| connection.get("name") == "worker").collect();
        assert_eq!(ours.len(), 2, "the shared one and that of the watch");
        for connection in ours {
            assert!(connection.get("db") == "3" && !connection.is_in_transaction(), "{connection:?}");
            // Servers before 7.0 do not report it.
            assert!([resp, ""].contains(&connection.get("resp")), "{connection:?}");
        }
        drop(client);
    }
}

#[tokio::test]
async fn a_refused_greeting_names_the_command_and_the_servers_code() {
    let server = Server::builder().arg("--requirepass", "right").start().await;
    for (suffix, password, command, code) in [
        ("", None, "HELLO", "NOAUTH"),
        ("", Some("wr0ng"), "HELLO", "WRONGPASS"),
        ("?protocol=2", None, "MULTI", "NOAUTH"),
        ("/1?protocol=2", None, "SELECT", "NOAUTH"),
        ("?protocol=2", Some("wr0ng"), "AUTH", "WRONGPASS"),
    ] {
        let config = Config::from_url(&(server.url() + suffix)).unwrap();
        let config = password.into_iter().fold(config, Config::password);
        let error = Client::open(config).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("wr0ng"), "{error:?}");
        let Error::Handshake { command: named, error, .. } = error else { panic!("{error:?}") };
        assert_eq!((named, error.code()), (command, code));
    }
    for user in [config(&server), config(&server).username("default")] {
        for protocol in PROTOCOLS {
            Client::open(user.clone().password("right").protocol(protocol)).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_server_that_quotes_the_password_does_not_make_us_show_it() {
    let server =
        Server::builder().arg("--rename-command", "AUTH \"\"").arg("--rename-command", "HELLO \"\"").start().await;
    let error = Client::open(config(&server).password("s3cret")).await.unwrap_err();
    assert!(matches!(error, Error::Handshake { command: "AUTH", .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
}

#[tokio::test]
async fn a_user_without_exec_is_told_before_anything_is_queued() {
    let server = Server::start().await;
    for (user, rules) in
        [("a", "+@all -exec"), ("b", "+@all -multi"), ("c", "+@all -@transaction"), ("d", "+@all -exec -discard")]
    {
        add_user(&server, user, rules).await;
        for protocol in PROTOCOLS {
            let config = config(&server).username(user).password("secret").protocol(protocol);
            let client = Client::open(config).await.unwrap();
            client.set("a", 0).await.unwrap();
            let error = client.pipeline().incr("a").execute().await.unwrap_err();
            assert!(
                matches!(error, Error::Server { at: CommandPosition { name: "MULTI", .. }, .. }),
                "{rules}: {error:?}"
            );
            assert!(error.to_string().contains("NOPERM"), "{rules}: {error}");
            assert_eq!(client.get::<i64>("a").await.unwrap(), Some(0), "{rules}");
            let hlist_pat![one] = client.pipeline().without_transaction().incr("a").execute().await.unwrap();
            assert_eq!(one, 1, "{rules}: without MULTI it can be done");
            for connection in connections(&mut server.raw().await).await {
                assert!(!connection.is_in_transaction(), "{rules}: {connection:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_user_without_discard_lacks_nothing() {
    let server = Server::start().await;
    add_user(&server, "guest", "+@all -discard").await;
    let client = Client::open(config(&server).username("guest").password("secret")).await.unwrap();
    let hlist_pat![one] = client.pipeline().incr("a").execute().await.unwrap();
    let tx = client.pipeline().watch("a").await.unwrap();
    let hlist_pat![two] = tx.multi().incr("a").discard().await.incr("a").execute().await.unwrap();
    assert_eq!((one, two), (1, 2));
}

#[tokio::test]
async fn a_server_busy_with_a_script_refuses_for_now_and_not_for_good() {
    let server = Server::builder().arg("--lua-time-limit", "1").start().await;
    let mut busy = server.raw().await;
    busy.send(["EVAL", "while true do end", "0"]).await;
    let mut raw = server.raw().await;
    while !raw.command(["PING"]).await.is_error() {}
    let client = Client::open(config(&server)).await.unwrap();
    let error = client.pipeline().incr("a").execute().await.unwrap_err();
    assert!(error.to_string().contains("BUSY"), "{error}");
    assert_eq!(raw.command(["SCRIPT", "KILL"]).await.text(), "OK");
    assert!(busy.receive().await.is_error());
    assert_eq!(client.pipeline().incr("a").execute().await.unwrap(), typedis::hlist![1]);
}

#[tokio::test]
async fn too_many_clients_are_refused_in_the_servers_words() {
    let server = Server::builder().arg("--maxclients", "1").start().await;
    let _only = the_only_one(&server).await;
    for protocol in PROTOCOLS {
        let error = Client::open(config(&server).protocol(protocol)).await.unwrap_err();
        assert!(error.to_string().contains("max number of clients"), "{error}");
    }
}

/// Waits until the server has dropped the connection that the harness checked it with.
async fn the_only_one(server: &Server) -> Raw {
    loop {
        let mut raw = server.raw().await;
        // A server with too many connections sends an error before any command.
        raw.send_bytes(b"PING\r\n").await;
        if raw.try_receive().await.is_ok_and(|reply| !reply.is_error()) {
            return raw;
        }
    }
}

#[tokio::test]
async fn a_host_is_found_by_its_name_or_said_not_to_be() {
    let server = Server::start().await;
    let client = Client::connect(&format!("redis://localhost:{}", server.port())).await.unwrap();
    assert_eq!(client.echo::<String>("found").await.unwrap(), "found");
    for (url, address) in
        [("redis://no.such.host.invalid", "no.such.host.invalid"), ("unix:///no/such/socket", "/no/such/socket")]
    {
        let error = Client::connect(url).await.unwrap_err();
        assert!(matches!(&error, Error::Connect { .. }) && error.to_string().contains(address), "{error}");
    }
}

#[tokio::test]
async fn what_is_awaited_can_be_spawned() {
    fn sendable<T: Send>(value: T) -> T {
        value
    }
    let server = Server::start().await;
    let client = sendable(Client::open(config(&server))).await.unwrap();
    sendable(client.set("a", 1)).await.unwrap();
    sendable(client.blpop::<String>("nothing", 0.01)).await.unwrap();
    sendable(client.pipeline().incr("a").execute()).await.unwrap();
    sendable(client.pipeline().incr("a").execute_each()).await.unwrap();
    let mut tx = sendable(client.pipeline().watch("a")).await.unwrap();
    sendable(tx.get::<i64>("a")).await.unwrap();
    let idle = sendable(sendable(tx.watch("b")).await.unwrap().unwatch()).await;
    let queue = idle.watch("a").await.unwrap().multi();
    sendable(sendable(queue.incr("a").discard()).await.reset()).await;
    sendable(client.transaction("a", |tx| async move { Ok(tx.multi().incr("a")) })).await.unwrap();
    sendable(typedis::pipeline! { incr("a") }.execute(&client)).await.unwrap();
}
