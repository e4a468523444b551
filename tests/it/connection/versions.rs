//! The minimum version that a client declares: connecting to an older server is an error.

use typedis::{
    Client, Config, Error, Outcome, Prepared, hlist_pat,
    options::SetOptions,
    pipeline,
    prelude::*,
    version::{AnyVersion, Redis5_0, Redis6_2, Redis7_2, Redis7_4, Redis8_2, ServerVersion},
};
use typedis_testing::{Fake, Server};

async fn open<V: ServerVersion>(url: &str, version: V) -> Result<Client<V>, Error> {
    Client::open(Config::from_url(url).unwrap().at_least(version)).await
}

/// A peer that answers HELLO with `hello` and INFO with `info`.
async fn server(hello: &'static str, info: impl Into<String>) -> Fake {
    let info = info.into();
    Fake::commands(move |command| match command[0].as_str() {
        "HELLO" => hello.as_bytes().to_vec(),
        "INFO" => info.as_bytes().to_vec(),
        "EXEC" => b"*0\r\n".to_vec(),
        _ => b"+OK\r\n".to_vec(),
    })
    .await
}

fn bulk(text: &str) -> String {
    format!("${}\r\n{text}\r\n", text.len())
}

const REDIS_6_0: &str = "%3\r\n+server\r\n+redis\r\n+version\r\n+6.0.16\r\n+proto\r\n:3\r\n";
const VALKEY_8: &str = "%3\r\n+server\r\n+valkey\r\n+version\r\n+8.1.1\r\n+proto\r\n:3\r\n";
const RESP2_ONLY: &str = "-ERR unknown command `HELLO`\r\n";
const FORBIDDEN: &str = "-NOPERM this user has no permissions to run the 'info' command\r\n";

#[tokio::test]
async fn an_older_server_is_refused_with_both_versions() {
    let fake = server(REDIS_6_0, bulk("# Server\r\nredis_version:6.0.16\r\nos:Linux")).await;
    let error = open(&fake.url(), Redis6_2).await.unwrap_err();
    assert!(matches!(error, Error::ServerTooOld { .. }), "{error:?}");
    let words = error.to_string();
    assert!(words.contains("is Redis 6.0.16") && words.contains("declares 6.2 or newer"), "{words}");
    open(&fake.url(), Redis5_0).await.unwrap();
    open(&fake.url(), AnyVersion).await.unwrap();
}

#[tokio::test]
async fn a_server_without_resp3_is_asked_by_info() {
    let fake = server(RESP2_ONLY, bulk("redis_version:5.0.14\r\n")).await;
    assert!(matches!(open(&fake.url(), Redis6_2).await, Err(Error::ServerTooOld { .. })));
    open(&fake.url(), Redis5_0).await.unwrap();
}

#[tokio::test]
async fn valkey_counts_as_the_redis_that_it_is_like() {
    let fake = server(VALKEY_8, bulk("redis_version:7.2.4\r\nvalkey_version:8.1.1")).await;
    open(&fake.url(), Redis7_2).await.unwrap();
    assert!(matches!(open(&fake.url(), Redis7_4).await, Err(Error::ServerTooOld { .. })));
}

#[tokio::test]
async fn where_info_is_forbidden_the_word_of_redis_itself_counts() {
    let fake = server(REDIS_6_0, FORBIDDEN).await;
    open(&fake.url(), Redis5_0).await.unwrap();
    assert!(matches!(open(&fake.url(), Redis6_2).await, Err(Error::ServerTooOld { .. })));
    let fake = server(VALKEY_8, FORBIDDEN).await;
    let error = open(&fake.url(), Redis5_0).await.unwrap_err();
    assert!(matches!(error, Error::Handshake { command: "INFO", .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_tells_no_version_is_an_error() {
    for info in ["_\r\n", "$3\r\nabc\r\n", "*0\r\n", &bulk("redis_version:yesterday")] {
        let fake = server(REDIS_6_0, info).await;
        let error = open(&fake.url(), Redis5_0).await.unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{info:?}: {error:?}");
        assert!(error.to_string().contains("does not tell its version"), "{info:?}: {error}");
    }
}

#[tokio::test]
async fn a_real_server_is_as_old_as_it_says() {
    let server = Server::start().await;
    let told = server.description();
    // No Valkey counts as a Redis so new.
    let newest = server.redis_version() >= (8, 2, 0);
    open(&server.url(), Redis5_0).await.unwrap();
    assert_eq!(open(&server.url(), Redis8_2).await.is_ok(), newest, "{told}");
    let resp2 = format!("{}?protocol=2", server.url());
    open(&resp2, Redis5_0).await.unwrap();
    assert_eq!(open(&resp2, Redis8_2).await.is_ok(), newest, "{told}");
}

#[tokio::test]
async fn every_place_of_a_declared_client_takes_commands() {
    let server = Server::start().await;
    let client: Client<Redis6_2> = open(&server.url(), Redis6_2).await.unwrap();
    let old: Option<i64> = client.set_with("a", 1, SetOptions::new().get().keepttl()).await.unwrap();
    assert_eq!(old, None);

    let hlist_pat![one, both, none] = client
        .pipeline()
        .get::<i64>("a")
        .each(["a", "b"], |p, key| p.getex::<i64>(key))
        .when(false, |p| p.getdel::<i64>("a"))
        .execute()
        .await
        .unwrap();
    assert_eq!((one, both, none), (Some(1), vec![Some(1), None], None));

    let mut tx = client.pipeline().watch("a").await.unwrap();
    assert_eq!(tx.getex::<i64>("a").await.unwrap(), Some(1));
    let idle = tx.unwatch().await;
    let tx = idle.watch("a").await.unwrap().multi().incr("a");
    assert!(matches!(tx.execute().await.unwrap(), Outcome::Committed(hlist_pat![2])));

    let hlist_pat![three] = client.transaction("a", |tx| async move { Ok(tx.multi().incr("a")) }).await.unwrap();
    let (four,) = pipeline! { client => watch("a"); let _ = getex::<i64>("a").unwrap(); multi(); incr("a") }.unwrap();
    let batch: Prepared<_, Redis6_2> = pipeline! { incr("a"); getdel::<i64>("a") };
    assert_eq!((three, four, batch.execute(&client).await.unwrap()), (3, 4, (5, Some(5))));
}
