//! Refusals: what the server rejects before it runs is told as such, on every road, and costs no other caller anything.

use crate::support::{client, rows::has};
use std::time::Duration;
use typedis::{
    Client, Config, Error, Retry, Script,
    command::Runs,
    commands::registry,
    error::{ErrorKind, TimeoutKind},
    hlist_pat,
    key::need::AnyKind,
    prelude::*,
};
use typedis_testing::{Fake, Proxy, Server};

typedis::commands! {
    /// Commands that no server has, or not so.
    trait WrongCommands in wrong;

    /// Has a name that no server knows.
    fn unheard_of() -> Integer as i64
        = "UNHEARD.OF" as UnheardOf {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Has an argument too few.
    fn get_nothing() -> Integer as i64
        = "GET" as GetNothing {
            since: redis "1.0.0", arity: 1, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Runs a function, by a row that does not say so.
    fn own_function(name: &str, keys @@ AnyKind) -> Integer as i64
        = "FCALL" (name, 1, &keys) as Function {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: Unknown
        };

    /// Runs one function, whose name is a part of the row's.
    fn named_function(keys @@ AnyKind) -> Integer as i64
        = "FCALL f" (1, &keys) as NamedFunction {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: Unknown
        };

    /// Runs a script of a module, by a row that says so.
    fn module_script(key @ AnyKind) -> Integer as i64
        = "MODULE.SCRIPT" as ModuleScript {
            since: redis "7.0.0", arity: 2, access: ReadWrite, effect: Unknown, runs: Script
        };
}

/// A server that refuses to write, as a replica whose primary is away.
async fn replica() -> (Server, Client) {
    let server = Server::builder().arg("replicaof", "127.0.0.1 1").start().await;
    let client = Client::connect(&server.url()).await.unwrap();
    (server, client)
}

/// Asserts that an error is the server's of this kind, and that nothing ran.
#[track_caller]
fn did_not_run(error: &Error, kind: ErrorKind) {
    let (Error::Server { error: server, .. } | Error::Aborted { error: server, .. }) = error else {
        panic!("{error:?}")
    };
    assert_eq!((server.kind(), error.may_have_run()), (kind, false), "{error}");
}

// One refusal, on every road.

#[tokio::test]
async fn what_a_replica_refuses_did_not_run_on_any_road() {
    let (_server, client) = replica().await;
    did_not_run(&client.set("a", 1).await.unwrap_err(), ErrorKind::ReadOnly);
    did_not_run(&client.pipeline().incr("a").incr("b").execute().await.unwrap_err(), ErrorKind::ReadOnly);
    let plain = || client.pipeline().without_transaction();
    did_not_run(&plain().incr("a").execute().await.unwrap_err(), ErrorKind::ReadOnly);
    did_not_run(&plain().incr("a").incr("b").execute().await.unwrap_err(), ErrorKind::ReadOnly);
    let batch = typedis::pipeline! { incr("a"); incr("b") };
    did_not_run(&batch.execute(&client).await.unwrap_err(), ErrorKind::ReadOnly);
    did_not_run(&batch.execute(plain()).await.unwrap_err(), ErrorKind::ReadOnly);
    let watched = client.pipeline().watch("a").await.unwrap().multi().incr("a").execute().await;
    did_not_run(&watched.unwrap_err(), ErrorKind::ReadOnly);
    let mut watching = client.pipeline().watch("a").await.unwrap();
    did_not_run(&watching.incr("a").await.unwrap_err(), ErrorKind::ReadOnly);
    let attempts = client.transaction("a", async |tx| Ok(tx.multi().incr("a"))).await;
    did_not_run(&attempts.unwrap_err(), ErrorKind::ReadOnly);
}

#[tokio::test]
async fn beside_a_refused_command_another_may_have_run() {
    let (_server, client) = replica().await;
    let plain = || client.pipeline().without_transaction();
    for error in [
        plain().get::<i64>("a").incr("a").execute().await.unwrap_err(),
        plain().incr("a").get::<i64>("a").execute().await.unwrap_err(),
    ] {
        let Error::Server { error: server, .. } = &error else { panic!("{error:?}") };
        assert_eq!((server.kind(), error.may_have_run()), (ErrorKind::ReadOnly, true), "{error}");
    }
    let hlist_pat![read, written] = plain().get::<i64>("a").incr("a").execute_each().await.unwrap();
    assert_eq!(read.unwrap(), None);
    did_not_run(&written.unwrap_err(), ErrorKind::ReadOnly);
    let reads = client.pipeline().without_transaction().retry_reads(Retry::new());
    let hlist_pat![read] = reads.get::<i64>("a").execute().await.unwrap();
    assert_eq!(read, None);
}

#[tokio::test]
async fn a_script_that_was_refused_midway_may_have_written() {
    let (_server, client) = replica().await;
    let error = client.eval::<i64>("return redis.call('INCR', KEYS[1])", "a", ()).await.unwrap_err();
    assert!(
        matches!(&error, Error::Server { error, .. } if error.message().contains("READONLY")
        || error.message().contains("read only replica")),
        "{error}"
    );
    assert!(error.may_have_run(), "it might have written before it was refused");
}

// Many refusals.

#[tokio::test]
async fn each_refusal_before_execution_is_told_as_one() {
    let (server, client) = client().await;
    let mut raw = server.raw().await;
    let mut config = async |name: &str, value: &str| {
        assert!(!raw.command(["CONFIG", "SET", name, value]).await.is_error());
    };
    config("min-replicas-to-write", "1").await;
    did_not_run(&client.set("a", 1).await.unwrap_err(), ErrorKind::NoReplicas);
    config("min-replicas-to-write", "0").await;
    config("maxmemory", "1").await;
    did_not_run(&client.set("a", 1).await.unwrap_err(), ErrorKind::OutOfMemory);
    did_not_run(&client.pipeline().set("a", 1).execute().await.unwrap_err(), ErrorKind::OutOfMemory);
    config("maxmemory", "0").await;
    did_not_run(&client.unheard_of().await.unwrap_err(), ErrorKind::Other);
    did_not_run(&client.get_nothing().await.unwrap_err(), ErrorKind::Other);
    client.set("a", "text").await.unwrap();
    let wrong_type = client.lpush("a", 1).await.unwrap_err();
    assert!(wrong_type.may_have_run() && client.incr("a").await.unwrap_err().may_have_run(), "it was executed");
}

#[tokio::test]
async fn what_a_user_may_not_do_did_not_run() {
    let server = Server::start().await;
    let mut raw = server.raw().await;
    let login = async |user: &str| {
        Client::open(Config::from_url(&server.url()).unwrap().username(user).password("secret")).await.unwrap()
    };
    for (user, forbidden) in [("set", "-set"), ("exec", "+exec"), ("watch", "-watch"), ("multi", "-multi")] {
        let acl = ["ACL", "SETUSER", user, "on", ">secret", "~*", "&*", "+@all", forbidden];
        assert!(!raw.command(acl).await.is_error());
    }
    did_not_run(&login("set").await.set("a", 1).await.unwrap_err(), ErrorKind::NoPerm);
    did_not_run(&login("watch").await.pipeline().watch("a").await.unwrap_err(), ErrorKind::NoPerm);
    did_not_run(&login("multi").await.pipeline().set("a", 1).execute().await.unwrap_err(), ErrorKind::NoPerm);
    let tx = login("multi").await.pipeline().watch("a").await.unwrap();
    did_not_run(&tx.multi().set("a", 1).execute().await.unwrap_err(), ErrorKind::NoPerm);
    // Refused when it was queued already: no command is to blame.
    let client = login("exec").await;
    assert!(!raw.command(["ACL", "SETUSER", "exec", "-exec"]).await.is_error());
    let error = client.pipeline().set("a", 1).execute().await.unwrap_err();
    assert!(matches!(&error, Error::Server { at, .. } if at.name == "EXEC"), "{error}");
    did_not_run(&error, ErrorKind::ExecAbort);
    assert_eq!(raw.command(["EXISTS", "a"]).await.integer(), 0);
}

#[tokio::test]
async fn a_script_that_does_not_compile_stops_what_it_is_queued_with() {
    let (_server, client) = client().await;
    let broken: Script<i64> = Script::new("return (");
    for error in [
        client.script(&broken, (), ()).await.unwrap_err(),
        client.pipeline().incr("a").script(&broken, (), ()).execute().await.unwrap_err(),
    ] {
        assert!(matches!(&error, Error::Server { at, .. } if at.name == "SCRIPT LOAD"), "{error}");
        assert!(!error.may_have_run(), "{error}");
    }
    assert_eq!(client.get::<i64>("a").await.unwrap(), None);
}

// Scripts word their errors themselves.

#[test]
fn the_rows_that_run_scripts_say_so() {
    let mut names: Vec<_> = registry().filter(|info| info.runs == Runs::Script).map(|info| info.name).collect();
    names.dedup();
    assert_eq!(
        names,
        ["EVALSHA", "EVALSHA_RO", "EVAL", "EVALSHA", "EVAL_RO", "EVALSHA_RO", "FCALL", "FCALL_RO", "FCALL", "FCALL_RO"]
    );
    assert!(
        WRONG_COMMANDS
            .iter()
            .all(|info| (info.runs == Runs::Script) == matches!(info.name, "FCALL" | "FCALL f" | "MODULE.SCRIPT"))
    );
}

#[tokio::test]
async fn the_code_of_a_scripts_error_proves_nothing() {
    let (server, client) = client().await;
    let codes =
        ["BUSY the lock is held", "READONLY", "OOM x", "NOPERM x", "MOVED 1 127.0.0.1:1", "EXECABORT x", "LOADING x"];
    for text in codes {
        let source = format!("redis.call('INCR', KEYS[1]) return redis.error_reply('{text}')");
        let error = client.eval::<i64>(&source, "a", ()).await.unwrap_err();
        assert!(error.may_have_run(), "{error}");
        let script: Script<i64> = Script::new(source.as_str());
        assert!(client.script(&script, "a", ()).await.unwrap_err().may_have_run(), "{text}");
        assert!(client.pipeline().script(&script, "a", ()).execute().await.unwrap_err().may_have_run(), "{text}");
        let plain = client.pipeline().without_transaction().eval::<i64>(&source, "a", ()).execute().await;
        assert!(plain.unwrap_err().may_have_run(), "{text}");
    }
    assert_eq!(client.get::<usize>("a").await.unwrap(), Some(4 * codes.len()));
    if !has(&server, (7, 0, 0), "functions") {
        return;
    }
    let library = "#!lua name=lib\nredis.register_function('f', function(keys) redis.call('INCR', keys[1]) return redis.error_reply('BUSY x') end)";
    assert!(!server.raw().await.command(["FUNCTION", "LOAD", library]).await.is_error());
    assert!(client.own_function("f", "a").await.unwrap_err().may_have_run());
    assert!(client.named_function("a").await.unwrap_err().may_have_run());
    assert_eq!(client.get::<usize>("a").await.unwrap(), Some(4 * codes.len() + 2));
}

/// The reply of a scripted peer to every command of a caller.
async fn answering(reply: &str) -> (Fake, Client) {
    let reply = format!("-{reply}\r\n");
    peer(move |_| reply.clone()).await
}

/// A peer that answers commands with `answer`, and has the usual replies for those of the handshake and of an empty
/// transaction.
async fn peer(answer: impl Fn(&str) -> String + Send + 'static) -> (Fake, Client) {
    let mut queued = 0;
    let fake = Fake::commands(move |command| {
        let reply = match command[0].to_ascii_uppercase().as_str() {
            "HELLO" => "%1\r\n$5\r\nproto\r\n:3\r\n".to_owned(),
            "CLIENT" => "+OK\r\n".to_owned(),
            "PING" => "+PONG\r\n".to_owned(),
            "MULTI" => {
                queued = 0;
                "+OK\r\n".to_owned()
            }
            "EXEC" if queued == 0 => "*0\r\n".to_owned(),
            name => {
                queued += 1;
                answer(name)
            }
        };
        reply.into_bytes()
    });
    let fake = fake.await;
    let client = Client::connect(&fake.url()).await.unwrap();
    (fake, client)
}

#[tokio::test]
async fn a_script_that_the_server_itself_refused_did_not_run() {
    let slot = typedis::key::hash_slot("a");
    for reply in [
        "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.".to_owned(),
        "BUSY Valkey is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.".to_owned(),
        "BUSY Redis is busy running a module command.".to_owned(),
        "LOADING Redis is loading the dataset in memory".to_owned(),
        "CLUSTERDOWN Hash slot not served".to_owned(),
        format!("MOVED {slot} 127.0.0.1:7000"),
        format!("ASK {slot} 127.0.0.1:7000"),
    ] {
        let (_fake, client) = answering(&reply).await;
        assert!(!client.eval::<i64>("return 1", "a", ()).await.unwrap_err().may_have_run(), "{reply}");
        let plain = || client.pipeline().without_transaction();
        let both = plain().eval::<i64>("return 1", "a", ()).eval::<i64>("return 1", ["a", "a"], ()).execute().await;
        assert!(!both.unwrap_err().may_have_run(), "{reply}");
        assert!(!client.own_function("f", "a").await.unwrap_err().may_have_run(), "{reply}");
        assert!(!client.named_function("a").await.unwrap_err().may_have_run(), "{reply}");
        assert!(!client.module_script("a").await.unwrap_err().may_have_run(), "{reply}");
        let prepared = typedis::pipeline! { eval::<i64>("return 1", "a", ()) };
        assert!(!prepared.execute(plain()).await.unwrap_err().may_have_run(), "{reply}");
    }
}

#[tokio::test]
async fn a_redirect_of_another_slot_is_a_scripts_own_word() {
    let slot = typedis::key::hash_slot("a");
    for reply in [
        format!("MOVED {} 127.0.0.1:7000", slot + 1),
        format!("MOVED {slot} 127.0.0.1:7000 script: 0, on @user_script:1."),
        format!("MOVED {slot}"),
        format!("MOVED: {slot} 127.0.0.1:7000"),
        "READONLY You can't write against a read only replica.".to_owned(),
        "EXECABORT Transaction discarded because of previous errors.".to_owned(),
    ] {
        let (_fake, client) = answering(&reply).await;
        assert!(client.eval::<i64>("return 1", "a", ()).await.unwrap_err().may_have_run(), "{reply}");
        assert!(client.module_script("a").await.unwrap_err().may_have_run(), "{reply}");
        let plain = client.pipeline().without_transaction().eval::<i64>("return 1", "a", ()).execute().await;
        assert!(plain.unwrap_err().may_have_run(), "{reply}");
    }
    let (_fake, client) = answering(&format!("MOVED {slot} 127.0.0.1:7000")).await;
    assert!(client.eval::<i64>("return 1", (), ()).await.unwrap_err().may_have_run(), "without keys there is no slot");
    assert!(client.eval::<i64>("return 1", ["a", "b"], ()).await.unwrap_err().may_have_run(), "two slots");
}

#[tokio::test]
async fn an_error_within_a_reply_is_no_refusal() {
    let (_fake, client) = peer(|_| "*2\r\n:1\r\n-OOM command not allowed\r\n".to_owned()).await;
    assert!(client.mget::<i64>(["a", "b"]).await.unwrap_err().may_have_run());
}

#[tokio::test]
async fn a_late_reply_to_script_load_is_not_one_to_the_request() {
    let (_fake, client) = peer(|name| if name == "SCRIPT" { String::new() } else { "+OK\r\n".to_owned() }).await;
    drop(client);
    let config = Config::from_url(&_fake.url()).unwrap().response_timeout(Duration::from_millis(50));
    let client = Client::open(config).await.unwrap();
    let script: Script<i64> = Script::new("return 1");
    let error = client.pipeline().incr("a").script(&script, (), ()).execute().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::ScriptLoad, .. }), "{error:?}");
    assert!(!error.may_have_run(), "{error}");
}

#[tokio::test]
async fn bytes_that_are_no_reply_to_script_load_say_that_nothing_ran() {
    let (_fake, client) = peer(|name| if name == "SCRIPT" { "?\r\n" } else { "+OK\r\n" }.to_owned()).await;
    let script: Script<i64> = Script::new("return 1");
    let error = client.pipeline().incr("a").script(&script, (), ()).execute().await.unwrap_err();
    assert!(matches!(error, Error::NotSent { .. }) && !error.may_have_run(), "{error:?}");
}

#[tokio::test]
async fn a_peer_that_is_no_server_ran_nothing() {
    let web = Fake::holding("HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let error = Client::connect(&web.url()).await.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }) && !error.may_have_run(), "{error:?}");
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let client = Client::connect(&proxy.url()).await.unwrap();
    proxy.forward_to(web.addr());
    proxy.disconnect_all().await;
    // The first may be on the lost connection; those behind it wait for the next one.
    let lost = client.incr("a").await.unwrap_err();
    assert!(!lost.may_have_run() || matches!(lost, Error::OutcomeUnknown { .. }), "{lost:?}");
    for error in [
        client.incr("a").await.unwrap_err(),
        client.pipeline().incr("a").execute().await.unwrap_err(),
        client.pipeline().watch("a").await.unwrap_err(),
    ] {
        assert!(!error.may_have_run(), "{error:?}");
    }
}
