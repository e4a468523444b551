//! The spans and events of the feature `tracing`: their names, fields and parents, and that none has a secret.
//!
//! A binary of its own, because subscribers rebuild the interest in spans that tracing caches for the process.
#![cfg(feature = "tracing")]

mod recorder;

use recorder::{Recorder, Span};
use std::time::Duration;
use tracing::Instrument;
use typedis::{Client, ClusterClient, Config, Error, Event, Outcome, Retry, Script, pipeline, prelude::*};
use typedis_testing::{Call, ClusterSet, FakeCluster, FakeSentinel, Proxy, Server, drop_after};

const OUTCOME_FIELDS: [&str; 4] = ["typedis.outcome", "otel.status_code", "error.type", "db.response.status_code"];

/// A fresh server and a client connected to it.
async fn client() -> (Server, Client) {
    let server = Server::start().await;
    let client = Client::connect(&server.url()).await.unwrap();
    (server, client)
}

fn names(spans: &[Span]) -> Vec<&str> {
    spans.iter().map(|span| if span.name == "redis" { span.get("otel.name") } else { span.name }).collect()
}

// Spans of commands and pipelines.

#[tokio::test]
async fn a_command_is_a_span_with_the_names_of_the_conventions() {
    let server = Server::start().await;
    let client = Client::connect(&format!("{}/3", server.url())).await.unwrap();
    let recorder = Recorder::start();
    client.get::<String>("a").await.unwrap();
    let span = recorder.span();
    let port = server.port().to_string();
    let told: Vec<_> = span.fields.iter().map(|(field, value)| (*field, value.as_str())).collect();
    let expected = [
        ("db.namespace", "3"),
        ("db.operation.name", "GET"),
        ("db.system.name", "redis"),
        ("network.transport", "tcp"),
        ("otel.kind", "client"),
        ("otel.name", "GET"),
        ("server.address", "127.0.0.1"),
        ("server.port", &*port),
        ("typedis.outcome", "answered"),
    ];
    assert_eq!(told, expected);
    assert_eq!((span.name, &*span.target), ("redis", "typedis"));
}

#[tokio::test]
async fn a_unix_socket_is_told_by_its_path() {
    let server = Server::builder().unix_socket().start().await;
    let path = server.socket_path().to_str().unwrap();
    let client = Client::connect(&format!("unix://{path}")).await.unwrap();
    let recorder = Recorder::start();
    client.incr("a").await.unwrap();
    let told = recorder.span();
    assert_eq!(told.all(["server.address", "server.port", "network.transport"]), [path, "", "unix"]);
}

#[tokio::test]
async fn the_server_is_that_which_sentinels_have_named() {
    let (first, second) = (Server::start().await, Server::start().await);
    let sentinel = FakeSentinel::start("mymaster", first.addr()).await;
    let client = Client::connect(&format!("redis+sentinel://{}/mymaster", sentinel.addr())).await.unwrap();
    sentinel.has_subscriber().await;
    let recorder = Recorder::start();
    client.incr("a").await.unwrap();
    assert_eq!(recorder.span().all(["server.address", "server.port"]), ["127.0.0.1", &*first.port().to_string()]);
    let mut events = client.events();
    sentinel.switches_to(second.addr());
    while !matches!(events.next().await, Some(Event::Connected { .. })) {}
    recorder.clear();
    client.incr("a").await.unwrap();
    assert_eq!(recorder.span().all(["server.address", "server.port"]), ["127.0.0.1", &*second.port().to_string()]);
}

#[tokio::test]
async fn the_server_is_the_node_of_the_slot() {
    let cluster = ClusterSet::start().await;
    let client = ClusterClient::connect(&cluster.url()).await.unwrap();
    let fields = ["server.address", "server.port", "network.transport"];
    let recorder = Recorder::start();
    for place in 0..3 {
        let key = cluster.key_on(place, "a").await;
        let node = ["127.0.0.1", &*cluster.node(place).port().to_string(), "tcp"].map(str::to_owned);
        recorder.clear();
        client.incr(&key).await.unwrap();
        client.pipeline().incr(&key).get::<i64>(&key).execute().await.unwrap();
        let mut watching = client.pipeline().watch(&key).await.unwrap();
        watching.get::<i64>(&key).await.unwrap();
        watching.multi().incr(&key).execute().await.unwrap().committed().unwrap();
        let spans = recorder.spans();
        assert_eq!(names(&spans), ["INCR", "MULTI", "WATCH", "GET", "MULTI INCR"]);
        assert!(spans.iter().all(|span| span.all(fields) == node.each_ref().map(String::as_str)), "{spans:?}");
    }
}

#[tokio::test]
async fn the_server_of_a_read_is_the_replica() {
    let script = |call: &mut Call<'_>| (call.name() == "GET").then(|| b"$1\r\nv\r\n".to_vec());
    let servers = FakeCluster::with_replicas(1, 1, script).await;
    let sentinel = FakeSentinel::start("mymaster", servers.addr(0)).await;
    sentinel.lists(&[(servers.addr(1), "slave", "ok")]);
    let of_sentinel = Client::connect(&format!("redis+sentinel://{}/mymaster", sentinel.addr())).await.unwrap();
    let of_cluster = ClusterClient::connect(&servers.url_of(0)).await.unwrap();
    let recorder = Recorder::start();
    of_sentinel.replicas().get::<String>("k").await.unwrap();
    of_cluster.replicas().get::<String>("k").await.unwrap();
    let spans = recorder.spans();
    assert_eq!(names(&spans), ["GET", "GET"]);
    let replica = ["127.0.0.1", &*servers.addr(1).port().to_string()];
    assert!(spans.iter().all(|span| span.all(["server.address", "server.port"]) == replica), "{spans:?}");
}

#[tokio::test]
async fn a_queue_is_one_span_that_names_its_commands() {
    let (_server, client) = client().await;
    let recorder = Recorder::start();
    let fields = ["otel.name", "db.operation.name", "db.operation.batch.size", "db.query.summary", "typedis.outcome"];
    client.pipeline().set("a", 1).incr("a").when(false, |p| p.ttl("a")).get::<i64>("a").execute().await.unwrap();
    assert_eq!(recorder.span().all(fields), ["MULTI", "MULTI", "3", "SET INCR GET", "committed"]);
    recorder.clear();
    client.pipeline().without_transaction().set("a", 1).incr("a").execute().await.unwrap();
    assert_eq!(recorder.span().all(fields), ["PIPELINE", "PIPELINE", "2", "SET INCR", "answered"]);
    recorder.clear();
    pipeline! { client => each(["a", "b"], |p, key| p.get::<i64>(key)); get::<i64>("c") }.unwrap();
    assert_eq!(recorder.span().all(fields), ["MULTI GET", "MULTI GET", "3", "GET GET GET", "committed"]);
    recorder.clear();
    let batch = pipeline! { incr("a"); incr("b") };
    batch.execute(client.pipeline().without_transaction()).await.unwrap();
    assert_eq!(recorder.span().all(fields), ["PIPELINE INCR", "PIPELINE INCR", "2", "INCR INCR", "answered"]);
}

#[tokio::test]
async fn a_queue_of_one_is_no_batch() {
    let (_server, client) = client().await;
    let recorder = Recorder::start();
    let fields = ["otel.name", "db.operation.batch.size", "db.query.summary", "typedis.outcome"];
    client.pipeline().incr("a").execute().await.unwrap();
    assert_eq!(recorder.span().all(fields), ["MULTI INCR", "", "", "committed"]);
    recorder.clear();
    client.pipeline().without_transaction().incr("a").execute().await.unwrap();
    assert_eq!(recorder.span().all(fields), ["INCR", "", "", "answered"]);
}

#[tokio::test]
async fn an_empty_queue_is_a_span_only_where_it_is_sent() {
    let (_server, client) = client().await;
    let watching = client.pipeline().watch("a").await.unwrap();
    let recorder = Recorder::start();
    client.pipeline().multi().execute().await.unwrap();
    assert_eq!(names(&recorder.spans()), [""; 0]);
    assert!(!watching.multi().execute().await.unwrap().is_conflict());
    let fields = ["otel.name", "db.operation.batch.size", "db.query.summary", "typedis.outcome"];
    assert_eq!(recorder.span().all(fields), ["MULTI", "0", "", "committed"]);
}

#[tokio::test]
async fn the_summary_of_a_long_queue_is_cut() {
    let (_server, client) = client().await;
    let recorder = Recorder::start();
    client.pipeline().each(0..1000, |p, n| p.hincrby("h", n, 1)).execute().await.unwrap();
    let span = recorder.span();
    let summary = span.get("db.query.summary");
    assert!(summary.len() <= 255 && summary.starts_with("HINCRBY HINCRBY ") && summary.ends_with(" HINCRBY .."));
    assert_eq!(span.all(["otel.name", "db.operation.batch.size"]), ["MULTI HINCRBY", "1000"]);
}

// Outcomes.

#[tokio::test]
async fn a_servers_error_is_told_by_its_code() {
    let (_server, client) = client().await;
    client.rpush("list", 1).await.unwrap();
    let recorder = Recorder::start();
    client.incr("list").await.unwrap_err();
    assert_eq!(recorder.span().all(OUTCOME_FIELDS), ["answered", "ERROR", "WRONGTYPE", "WRONGTYPE"]);
    recorder.clear();
    // The transaction did commit, and one of its commands failed.
    client.pipeline().set("a", 1).incr("list").execute().await.unwrap_err();
    assert_eq!(recorder.span().all(OUTCOME_FIELDS), ["committed", "ERROR", "WRONGTYPE", "WRONGTYPE"]);
    recorder.clear();
    client.pipeline().without_transaction().incr("list").get::<i64>("list").execute_each().await.unwrap();
    assert_eq!(recorder.span().all(OUTCOME_FIELDS), ["answered", "ERROR", "WRONGTYPE", "WRONGTYPE"]);
    recorder.clear();
    client.set("text", "x").await.unwrap();
    recorder.clear();
    client.get::<i64>("text").await.unwrap_err();
    assert_eq!(recorder.span().all(OUTCOME_FIELDS), ["answered", "ERROR", "Reply", ""]);
}

#[tokio::test]
async fn a_transaction_that_the_server_refused_is_aborted() {
    let (server, client) = client().await;
    server.raw().await.command(["CONFIG", "SET", "maxmemory", "1"]).await;
    let recorder = Recorder::start();
    client.pipeline().set("a", 1).execute().await.unwrap_err();
    assert_eq!(recorder.span().all(OUTCOME_FIELDS), ["aborted", "ERROR", "OOM", "OOM"]);
}

#[tokio::test]
async fn a_conflict_is_no_error_of_the_span() {
    let (_server, client) = client().await;
    let tx = client.pipeline().watch("a").await.unwrap();
    client.incr("a").await.unwrap();
    let recorder = Recorder::start();
    assert_eq!(tx.multi().set("a", 1).execute().await.unwrap(), Outcome::Conflict);
    assert_eq!(recorder.span().all(OUTCOME_FIELDS), ["conflict", "", "", ""]);
}

#[tokio::test]
async fn what_may_have_run_is_told_apart_from_what_did_not() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let config = Config::from_url(&proxy.url()).unwrap().pool_size(1).pool_timeout(Duration::from_millis(100));
    let client = Client::open(config).await.unwrap();
    let recorder = Recorder::start();
    proxy.cut_reply_after(5);
    let error = client.pipeline().set("a", 1).incr("a").execute().await.unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error}");
    assert_eq!(recorder.span().all(OUTCOME_FIELDS), ["unknown", "ERROR", "OutcomeUnknown", ""]);

    client.incr("a").await.unwrap();
    let _only = client.pipeline().watch("a").await.unwrap();
    recorder.clear();
    client.pipeline().watch("b").await.unwrap_err();
    assert_eq!(recorder.span().all(OUTCOME_FIELDS), ["not_run", "ERROR", "Timeout", ""]);
}

#[tokio::test]
async fn a_transaction_whose_exec_is_refused_did_not_run() {
    let server = Server::start().await;
    let mut raw = server.raw().await;
    let config = Config::from_url(&server.url()).unwrap().username("guest").password("secret");
    assert!(!raw.command(["ACL", "SETUSER", "guest", "on", ">secret", "~*", "+@all"]).await.is_error());
    let client = Client::open(config).await.unwrap();
    assert!(!raw.command(["ACL", "SETUSER", "guest", "-exec"]).await.is_error());
    let recorder = Recorder::start();
    client.pipeline().set("a", 1).execute().await.unwrap_err();
    assert_eq!(recorder.span().all(OUTCOME_FIELDS), ["not_run", "ERROR", "EXECABORT", "EXECABORT"]);
}

#[tokio::test]
async fn attempts_to_read_again_are_counted() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let client = Client::connect(&proxy.url()).await.unwrap();
    let retry = Retry::new().backoff(Duration::ZERO, Duration::ZERO);
    let recorder = Recorder::start();
    proxy.cut_reply_after(0);
    client.pipeline().retry_reads(retry).get::<String>("a").execute().await.unwrap();
    assert_eq!(recorder.span().all(["typedis.attempts", "typedis.outcome"]), ["2", "committed"]);
}

#[tokio::test]
async fn a_future_that_is_dropped_ends_its_span() {
    let (server, client) = client().await;
    let recorder = Recorder::start();
    server.freeze();
    drop(client.get::<String>("a"));
    assert_eq!(names(&recorder.spans()), [""; 0], "it was never polled");
    assert!(drop_after(client.get::<String>("a"), 1).await.is_none());
    assert_eq!(recorder.span().all(OUTCOME_FIELDS), ["dropped", "", "", ""]);
    recorder.clear();
    assert!(drop_after(client.pipeline().incr("a").execute(), 1).await.is_none());
    assert_eq!(recorder.span().all(OUTCOME_FIELDS), ["dropped", "", "", ""]);
    server.thaw();
}

// Parents.

#[tokio::test]
async fn a_span_stands_in_the_callers_and_is_entered_only_while_it_is_polled() {
    let (_server, client) = client().await;
    let recorder = Recorder::start();
    let request = async {
        let both = async { tokio::join!(client.incr("a"), client.pipeline().incr("a").execute()) };
        let mut both = Box::pin(both);
        assert!(drop_after(both.as_mut(), 1).await.is_none());
        let unfinished = recorder.unfinished();
        assert_eq!(names(&unfinished), ["INCR", "MULTI INCR"]);
        assert!(unfinished.iter().all(|span| span.entered == 0 && !span.closed));
        assert_eq!(tracing::Span::current().metadata().map(|span| span.name()), Some("request"));
        both.await.0.unwrap();
    };
    request.instrument(tracing::info_span!(target: "application", "request")).await;
    for span in recorder.spans() {
        assert_eq!(recorder.parent(&span), Some("request"));
    }
}

/// The spans of a transaction whose first attempt conflicts.
fn assert_two_attempts(recorder: &Recorder) {
    let spans = recorder.spans();
    let attempts = ["WATCH", "GET", "MULTI SET"].repeat(2);
    assert_eq!(names(&spans), [vec!["transaction"], attempts].concat());
    let (transaction, sent) = (&spans[0], &spans[1..]);
    assert_eq!(transaction.all(["otel.kind", "typedis.attempts"]), ["internal", "2"]);
    assert_eq!(transaction.all(OUTCOME_FIELDS), ["committed", "", "", ""]);
    assert_eq!(recorder.parent(transaction), Some("request"));
    assert!(sent.iter().all(|span| recorder.parent(span) == Some("transaction")));
    let outcomes: Vec<_> = sent.iter().map(|span| span.get("typedis.outcome")).collect();
    assert_eq!(outcomes, ["answered", "answered", "conflict", "answered", "answered", "committed"]);
}

#[tokio::test]
async fn a_transaction_that_is_tried_again_is_one_span() {
    let (server, client) = client().await;
    let mut other = server.raw().await;
    let recorder = Recorder::start();
    let mut attempts = 0;
    let request = async {
        pipeline! { client =>
            watch("a");
            let a = get::<i64>("a")?.unwrap_or(0);
            attempts += 1;
            if attempts == 1 {
                other.command(["SET", "a", "7"]).await;
            }
            multi();
            set("a", a + 1);
        }
    };
    request.instrument(tracing::info_span!(target: "application", "request")).await.unwrap();
    assert_two_attempts(&recorder);
    assert_eq!(server.raw().await.command(["GET", "a"]).await.text(), "8");
}

#[tokio::test]
async fn a_transaction_by_a_closure_is_one_span() {
    let (server, client) = client().await;
    let recorder = Recorder::start();
    let attempts = &std::cell::Cell::new(0);
    let server = &server;
    let request = client.transaction("a", async |mut tx| {
        let a = tx.get::<i64>("a").await?.unwrap_or(0);
        if attempts.replace(attempts.get() + 1) == 0 {
            server.raw().await.command(["SET", "a", "7"]).await;
        }
        Ok(tx.multi().set("a", a + 1))
    });
    request.instrument(tracing::info_span!(target: "application", "request")).await.unwrap();
    assert_two_attempts(&recorder);
}

#[tokio::test]
async fn a_closures_own_spans_stand_in_the_transactions() {
    let (_server, client) = client().await;
    let recorder = Recorder::start();
    let decide = || tracing::info_span!(target: "application", "decide");
    let transaction = client.transaction("a", async |mut tx| {
        tx.get::<i64>("a").instrument(decide()).await?;
        Ok(tx.multi().incr("a"))
    });
    transaction.await.unwrap();
    let spans = recorder.spans();
    assert_eq!(names(&spans), ["transaction", "WATCH", "GET", "MULTI INCR"]);
    let parents: Vec<_> = spans.iter().map(|span| recorder.parent(span)).collect();
    assert_eq!(parents, [None, Some("transaction"), Some("decide"), Some("transaction")]);
}

#[tokio::test]
async fn a_transaction_that_only_meets_conflicts_is_an_error() {
    let (server, client) = client().await;
    let client = client.with_retry(Retry::new().attempts(3).backoff(Duration::ZERO, Duration::ZERO));
    let mut other = server.raw().await;
    let recorder = Recorder::start();
    let result: Result<_, Error> = async {
        pipeline! { client =>
            watch("a");
            other.command(["INCR", "a"]).await;
            multi();
            incr("a");
        }
    }
    .await;
    assert!(matches!(result, Err(Error::Conflict { attempts: 3 })));
    let transaction = &recorder.spans()[0];
    assert_eq!(transaction.all(OUTCOME_FIELDS), ["conflict", "ERROR", "Conflict", ""]);
    assert_eq!(transaction.get("typedis.attempts"), "3");
}

#[tokio::test]
async fn a_transaction_that_its_body_leaves_is_told_as_left() {
    let (_server, client) = client().await;
    let recorder = Recorder::start();
    let leaves = async || -> typedis::Result<()> {
        pipeline! { client =>
            watch("a");
            let a = get::<i64>("a")?;
            if a.is_none() {
                return Ok(());
            }
            multi();
            incr("a");
        }?;
        unreachable!()
    };
    leaves().await.unwrap();
    let transaction = &recorder.spans()[0];
    assert_eq!(transaction.all(OUTCOME_FIELDS), ["left", "", "", ""]);
    assert_eq!(transaction.get("typedis.attempts"), "1");
}

// Secrets.

/// A part of every secret in these tests. Error codes of servers have only capitals, so it is not taken for one.
const SECRET: &str = "sEcReT";

#[tokio::test]
async fn nothing_secret_is_told() {
    let secret = |what: &str| format!("{SECRET}-{what}");
    let server = Server::builder().arg("--requirepass", SECRET).start().await;
    server.raw().await.command(["ACL", "SETUSER", "sEcReT-user", "on", ">sEcReT-password", "~*", "+@all"]).await;
    let config = Config::from_url(&format!("redis://sEcReT-user:sEcReT-password@{}", server.addr())).unwrap();
    let recorder = Recorder::start();
    let client = Client::open(config.clone().client_name(secret("name"))).await.unwrap();
    Client::open(config.password(secret("wrong"))).await.unwrap_err();

    client.set(secret("key"), secret("value")).await.unwrap();
    client.get::<i64>(secret("key")).await.unwrap_err();
    client.incr(secret("key")).await.unwrap_err();
    client.echo::<String>(secret("argument")).await.unwrap();
    let queue = client.pipeline().set(secret("key"), secret("value")).lpush(secret("key"), secret("element"));
    queue.execute_each().await.unwrap();
    client
        .pipeline()
        .without_transaction()
        .hset(secret("hash"), (SECRET, 1))
        .get::<i64>(SECRET)
        .execute()
        .await
        .unwrap();

    // A script may put anything where the server has its error codes.
    let refuses: Script<i64> = Script::new("return redis.error_reply(KEYS[1] .. ' is refused')");
    client.script(&refuses, SECRET, secret("argument")).await.unwrap_err();
    let broken: Script<i64> = Script::new("return sEcReT(");
    client.script(&broken, SECRET, 1).await.unwrap_err();
    pipeline! { client => script(&refuses, SECRET, 1); get::<String>(SECRET) }.unwrap_err();

    let tx = client.pipeline().watch([SECRET, "b"]).await.unwrap();
    client.set(SECRET, secret("value")).await.unwrap();
    assert!(tx.multi().set(SECRET, SECRET).execute().await.unwrap().is_conflict());
    pipeline! { client => watch(SECRET); let old = get::<String>(SECRET).unwrap(); multi(); set(SECRET, old.unwrap()) }
        .unwrap();

    assert!(recorder.spans().len() > 10);
    let told = recorder.text();
    assert!(!told.contains(SECRET), "{told}");
}

// Events of connections.

#[tokio::test]
async fn a_connection_that_is_made_or_lost_is_an_event() {
    let recorder = Recorder::start();
    let (server, client) = client().await;
    let mut events = client.events();
    client.pipeline().watch("a").await.unwrap().reset().await;
    server.raw().await.command(["CLIENT", "KILL", "TYPE", "normal"]).await;
    while !matches!(events.next().await, Some(Event::Connected { .. })) {}
    let told = recorder.events("typedis.connection");
    let told: Vec<_> = told.iter().map(|(message, which)| (message.as_str(), which.as_str())).collect();
    assert_eq!(
        told,
        [("connected", "shared"), ("connected", "dedicated"), ("connection lost", "shared"), ("connected", "shared")]
    );
    assert_eq!(recorder.events("error.type")[2].1, "UnexpectedEof");
}
