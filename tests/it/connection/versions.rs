//! The servers that a client declares: connecting to an older one, or to one of the other vendor, is an error.

use typedis::{
    Client, Config, Error, Outcome, Prepared, hlist_pat,
    options::SetOptions,
    pipeline,
    prelude::*,
    version::{
        AnyVersion, Redis5_0, Redis6_2, Redis7_2, Redis7_4, Redis8_2, Redis8_12, Release, ServerVersion, Valkey7_2,
        Valkey8_0, Valkey8_1, Valkey9_0, Valkey9_2, Vendor,
    },
};
use typedis_testing::{Fake, Server, Vendor as ServerVendor};

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

/// The error of a server that is not declared, in words, and its vendor and version.
async fn refusal<V: ServerVersion>(url: &str, version: V) -> (String, Vendor, String) {
    let error = open(url, version).await.unwrap_err();
    let words = error.to_string();
    assert!(!error.may_have_run(), "{words}");
    let Error::UnsupportedServer { vendor, found, declared, .. } = error else { panic!("{error:?}") };
    assert_eq!(declared, V::DECLARED);
    (words, vendor, found.into())
}

#[tokio::test]
async fn an_older_server_is_refused_with_both_versions() {
    let fake = server(REDIS_6_0, bulk("# Server\r\nredis_version:6.0.16\r\nos:Linux")).await;
    let (words, vendor, found) = refusal(&fake.url(), Redis6_2).await;
    assert_eq!((vendor, &*found), (Vendor::Redis, "6.0.16"));
    assert!(words.contains("is Redis 6.0.16, and this client declares Redis 6.2 or newer: use a newer"), "{words}");
    open(&fake.url(), Redis5_0).await.unwrap();
    open(&fake.url(), (Redis5_0, Valkey9_0)).await.unwrap();
    open(&fake.url(), AnyVersion).await.unwrap();
}

#[tokio::test]
async fn a_server_without_resp3_is_asked_by_info() {
    let fake = server(RESP2_ONLY, bulk("redis_version:5.0.14\r\n")).await;
    refusal(&fake.url(), Redis6_2).await;
    open(&fake.url(), Redis5_0).await.unwrap();
}

#[tokio::test]
async fn the_other_vendor_is_refused_with_the_way_out() {
    let fake = server(VALKEY_8, bulk("redis_version:7.2.4\r\nvalkey_version:8.1.1")).await;
    let (words, vendor, found) = refusal(&fake.url(), Redis7_2).await;
    assert_eq!((vendor, &*found), (Vendor::Valkey, "8.1.1"));
    let expected = "is Valkey 8.1.1, and this client declares Redis 7.2 or newer: \
                    declare both vendors by `Config::at_least((Redis7_2, Valkey8_1))`";
    assert!(words.contains(expected), "{words}");
    open(&fake.url(), (Redis7_2, Valkey8_1)).await.unwrap();

    let fake = server(REDIS_6_0, bulk("redis_version:6.0.16")).await;
    let (words, vendor, _) = refusal(&fake.url(), Valkey8_0).await;
    assert_eq!(vendor, Vendor::Redis);
    let expected = "is Redis 6.0.16, and this client declares Valkey 8.0 or newer: \
                    declare both vendors by `Config::at_least((Redis6_0_6, Valkey8_0))`";
    assert!(words.contains(expected), "{words}");
    // The version that is there has no type to declare it by.
    let fake = server(RESP2_ONLY, bulk("redis_version:2.8.24")).await;
    let (words, ..) = refusal(&fake.url(), Valkey8_0).await;
    assert!(words.contains("declare Redis too by `Config::at_least`, with a newer server"), "{words}");
}

#[tokio::test]
async fn valkey_is_judged_by_its_own_version() {
    // The name of another server, for clients that know no other, and no RESP3 at all.
    for hello in [VALKEY_8, REDIS_6_0, RESP2_ONLY, "*4\r\n+server\r\n+redis\r\n+proto\r\n:2\r\n"] {
        let fake = server(hello, bulk("redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.0.0\r\n")).await;
        open(&fake.url(), Valkey9_0).await.unwrap();
        open(&fake.url(), (Redis8_12, Valkey9_0)).await.unwrap();
        let (words, ..) = refusal(&fake.url(), (Redis6_2, Valkey9_2)).await;
        let expected =
            "is Valkey 9.0.0, and this client declares Redis 6.2 or newer, or Valkey 9.2 or newer: use a newer";
        assert!(words.contains(expected), "{words}");
    }
}

/// Dragonfly, KeyDB and Kvrocks call themselves Redis, or not, and tell the version of Redis that they are like.
#[tokio::test]
async fn a_compatible_server_is_the_redis_that_it_says_it_is() {
    let named = "%3\r\n+server\r\n+dragonfly\r\n+version\r\n+1.30.0\r\n+proto\r\n:3\r\n";
    for hello in [REDIS_6_0, named] {
        let fake = server(hello, bulk("# Server\r\nredis_version:7.4.0\r\ndragonfly_version:df-v1.30.0\r\n")).await;
        open(&fake.url(), Redis7_4).await.unwrap();
        let (words, vendor, found) = refusal(&fake.url(), Redis8_2).await;
        assert_eq!((vendor, &*found), (Vendor::Redis, "7.4.0"), "{words}");
    }
}

async fn assuming(url: &str, declared: impl ServerVersion, assumed: impl Release) -> Result<(), Error> {
    let config = Config::from_url(url).unwrap().at_least(declared).assume_version(assumed);
    Client::open(config).await.map(drop)
}

#[tokio::test]
async fn an_assumed_version_counts_whatever_the_server_says() {
    let named = "%3\r\n+server\r\n+other\r\n+version\r\n+0.15.0\r\n+proto\r\n:3\r\n";
    for info in [bulk("redis_version:5.0.0"), bulk("other_version:0.15.0"), "-ERR unknown command 'INFO'\r\n".into()] {
        let fake = server(named, info).await;
        assert!(open(&fake.url(), Redis7_2).await.is_err());
        assuming(&fake.url(), Redis7_2, Redis7_4).await.unwrap();
        assuming(&fake.url(), (Redis7_2, Valkey8_0), Valkey9_0).await.unwrap();
        assuming(&fake.url(), AnyVersion, Redis5_0).await.unwrap();
    }
    let error = assuming("redis://127.0.0.1:1", Redis7_2, Redis6_2).await.unwrap_err();
    let expected = "assume_version says Redis 6.2, and at_least Redis 7.2 or newer";
    assert!(matches!(&error, Error::Config(_)) && error.to_string().contains(expected), "{error}");
}

#[tokio::test]
async fn where_info_is_forbidden_the_word_of_hello_counts() {
    let fake = server(REDIS_6_0, FORBIDDEN).await;
    open(&fake.url(), Redis5_0).await.unwrap();
    refusal(&fake.url(), Redis6_2).await;
    let fake = server(VALKEY_8, FORBIDDEN).await;
    open(&fake.url(), Valkey8_1).await.unwrap();
    let (words, ..) = refusal(&fake.url(), Valkey9_0).await;
    assert!(words.contains("is Valkey 8.1.1"), "{words}");
    let fake = server(RESP2_ONLY, FORBIDDEN).await;
    let error = open(&fake.url(), Redis5_0).await.unwrap_err();
    assert!(matches!(error, Error::Handshake { command: "INFO", .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_tells_no_version_is_an_error() {
    for info in ["_\r\n", "$3\r\nabc\r\n", "*0\r\n", &bulk("redis_version:yesterday")] {
        let fake = server(REDIS_6_0, info).await;
        let error = open(&fake.url(), Redis5_0).await.unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{info:?}: {error:?}");
        let words = error.to_string();
        assert!(words.contains("does not tell its version") && words.contains("assume_version"), "{info:?}: {words}");
    }
}

#[tokio::test]
async fn a_real_server_is_as_old_as_it_says() {
    let server = Server::start().await;
    let told = server.description();
    let is_redis = server.vendor() == ServerVendor::Redis;
    for url in [server.url(), format!("{}?protocol=2", server.url())] {
        open(&url, (Redis5_0, Valkey7_2)).await.unwrap();
        assert_eq!(open(&url, Redis5_0).await.is_ok(), is_redis, "{told}");
        assert_eq!(open(&url, Valkey7_2).await.is_ok(), !is_redis, "{told}");
        let newer = open(&url, (Redis8_2, Valkey9_0)).await.is_ok();
        let expected = server.version() >= if is_redis { (8, 2, 0) } else { (9, 0, 0) };
        assert_eq!(newer, expected, "{told}");
    }
}

#[tokio::test]
async fn a_real_server_is_named_by_its_vendor_and_version() {
    let server = Server::start().await;
    let info = server.raw().await.command(["INFO", "server"]).await.text();
    let told = |name: &str| info.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    let Some(valkey) = told("valkey_version:") else {
        let redis = told("redis_version:").unwrap();
        let (words, vendor, found) = refusal(&server.url(), Valkey8_0).await;
        assert_eq!((vendor, &found), (Vendor::Redis, &redis));
        assert!(words.contains(&format!("is Redis {redis}, and")), "{words}");
        return;
    };
    let disguised = Server::builder().arg("--extended-redis-compatibility", "yes").start().await;
    for server in [server, disguised] {
        for url in [server.url(), format!("{}?protocol=2", server.url())] {
            open(&url, Valkey7_2).await.unwrap();
            let (words, vendor, found) = refusal(&url, Redis7_2).await;
            assert_eq!((vendor, &found), (Vendor::Valkey, &valkey), "{url}");
            assert!(words.contains(&format!("is Valkey {valkey}, and")), "{words}");
        }
    }
}

#[tokio::test]
async fn every_place_of_a_declared_client_takes_commands() {
    let server = Server::start().await;
    let client: Client<(Redis6_2, Valkey7_2)> = open(&server.url(), (Redis6_2, Valkey7_2)).await.unwrap();
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
    let batch: Prepared<_, (Redis6_2, Valkey7_2)> = pipeline! { incr("a"); getdel::<i64>("a") };
    assert_eq!((three, four, batch.execute(&client).await.unwrap()), (3, 4, (5, Some(5))));
}
