//! TLS against a real server: all else behaves as without it, and a failed handshake is an error with its cause.

pub mod authority;

use crate::support::connections;
use crate::support::pool_of_one::{PoolOfOne, dropped_at_every_await};
use authority::{Authority, Identity, self_signed};
use std::{env, fs, process::Command, time::Duration};
use typedis::{Client, Config, Error, Outcome, Protocol, Tls, error::TimeoutKind, hlist_pat, pipeline, prelude::*};
use typedis_testing::{Fake, Proxy, Server};

const PROTOCOLS: [Protocol; 2] = [Protocol::Resp3, Protocol::Resp2];

/// A server with TLS and the authority of its certificate; prints a note and returns `None` if the server was built
/// without TLS.
async fn server() -> Option<(Server, Authority)> {
    let authority = Authority::new("authority");
    let server = start(&authority.server(), &authority, &[]).await?;
    Some((server, authority))
}

async fn start(identity: &Identity, of_clients: &Authority, settings: &[(&str, &str)]) -> Option<Server> {
    if !Server::speaks_tls() {
        println!("skipped: this server was built without TLS");
        return None;
    }
    let tls = Server::builder().tls(&identity.certificate, &identity.key, &of_clients.pem());
    Some(settings.iter().fold(tls, |builder, (name, value)| builder.arg(name, value)).start().await)
}

fn config(port: u16, tls: Tls) -> Config {
    Config::from_url(&format!("rediss://localhost:{port}")).unwrap().tls(tls)
}

fn trusting(authority: &Authority) -> Tls {
    Tls::new().root_certificates_pem(authority.pem())
}

async fn refused(config: Config) -> Error {
    let error = Client::open(config).await.expect_err("no connection");
    assert!(!error.may_have_run());
    error
}

/// The message of a TLS error.
async fn words(server: &Server, tls: Tls) -> String {
    let error = refused(config(server.tls_addr().port(), tls)).await;
    assert!(matches!(error, Error::Tls { .. }), "{error:?}");
    assert!(error.to_string().starts_with("no TLS connection to localhost:"), "{error}");
    error.to_string()
}

// The same as without TLS.

#[tokio::test]
async fn commands_pipelines_and_transactions_run() {
    let Some((server, authority)) = server().await else { return };
    for protocol in PROTOCOLS {
        let config = config(server.tls_addr().port(), trusting(&authority)).protocol(protocol).database(2);
        let client = Client::open(config.client_name("by-tls").pool_size(1)).await.unwrap();
        client.flushdb().await.unwrap();
        client.set("a", "one").await.unwrap();
        let (a, n) = pipeline! { client => get::<String>("a"); incr("n") }.unwrap();
        assert_eq!((a.as_deref(), n), (Some("one"), 1));

        let tx = client.pipeline().watch("n").await.unwrap();
        client.set("n", 5).await.unwrap();
        assert_eq!(tx.multi().incr("n").execute().await.unwrap(), Outcome::Conflict);
        let mut tx = client.pipeline().watch("n").await.unwrap();
        let n: i64 = tx.get("n").await.unwrap().unwrap();
        let hlist_pat![n] = tx.multi().incrby("n", n).execute().await.unwrap().committed().unwrap();
        assert_eq!(n, 10);
        // When it is dropped, either its UNWATCH is written at once or the connection is closed.
        drop(client.pipeline().watch("n").await.unwrap());
        assert_eq!(client.blpop::<String>("nothing", 0.01).await.unwrap(), None);
        assert_eq!(client.client_getname().await.unwrap().as_deref(), Some("by-tls"));
    }
}

#[tokio::test]
async fn a_user_logs_in() {
    let Some((server, authority)) = server().await else { return };
    let words = ["ACL", "SETUSER", "ada", "on", ">s3cret", "~*", "+@all"];
    assert!(!server.raw().await.command(words).await.is_error());
    for protocol in PROTOCOLS {
        let config = || config(server.tls_addr().port(), trusting(&authority)).protocol(protocol).username("ada");
        let client = Client::open(config().password("s3cret")).await.unwrap();
        client.set("a", 1).await.unwrap();
        let users = connections(&mut server.raw().await).await;
        assert!(users.iter().any(|fields| fields.get("user") == "ada"), "{users:?}");
        drop(client);
        let error = refused(config().password("wr0ng")).await;
        assert!(matches!(error, Error::Handshake { .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("wr0ng"), "{error:?}");
    }
}

#[tokio::test]
async fn large_values_and_deep_pipelines_pass_both_ways() {
    let Some((server, authority)) = server().await else { return };
    for protocol in PROTOCOLS {
        let config = config(server.tls_addr().port(), trusting(&authority)).protocol(protocol).pool_size(1);
        let client = Client::open(config).await.unwrap();
        let large = "x".repeat(3 << 20);
        client.set("large", &large).await.unwrap();
        assert_eq!(client.get::<String>("large").await.unwrap().as_ref(), Some(&large));
        // On a dedicated connection, which writes by itself.
        let tx = client.pipeline().watch("large").await.unwrap();
        let hlist_pat![(), read] = tx
            .multi()
            .set("copy", &large)
            .each(0..4, |p, _| p.get::<String>("copy"))
            .execute()
            .await
            .unwrap()
            .committed()
            .unwrap();
        assert!(read.iter().all(|read| read.as_ref() == Some(&large)));

        let deep = client.pipeline().each(0..50_000, |p, n| p.echo::<String>(format!("the answer to {n}"))).execute();
        let other = client.echo::<String>("other");
        let (deep, other) = tokio::join!(deep, other);
        let hlist_pat![deep] = deep.unwrap();
        assert!(deep.iter().enumerate().all(|(n, answer)| *answer == format!("the answer to {n}")));
        assert_eq!(other.unwrap(), "other");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replies_to_many_tasks_are_not_mixed_up() {
    let Some((server, authority)) = server().await else { return };
    let client = Client::open(config(server.tls_addr().port(), trusting(&authority))).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..16 {
        let client = client.clone();
        tasks.spawn(async move {
            for n in 0..200 {
                let value = format!("{task}-{n}-{}", "x".repeat(n * 37));
                assert_eq!(client.echo::<String>(&value).await.unwrap(), value);
            }
        });
    }
    tasks.join_all().await;
}

#[tokio::test]
async fn each_version_of_tls_will_do() {
    for (version, name) in [("TLSv1.2", "TLS 1.2"), ("TLSv1.3", "TLS 1.3")] {
        let authority = Authority::new("authority");
        let Some(server) = start(&authority.server(), &authority, &[("tls-protocols", version)]).await else { return };
        let client = Client::open(config(server.tls_addr().port(), trusting(&authority))).await.unwrap();
        assert_eq!(client.incr("n").await.unwrap(), 1, "{name}");
    }
}

// Lost connections.

/// A server with TLS behind a proxy, and a client that has received all of the handshake, the session tickets included.
async fn behind_proxy(protocol: Protocol) -> Option<(Server, Proxy, Client)> {
    let (server, authority) = server().await?;
    let proxy = Proxy::start(server.tls_addr()).await;
    let config = config(proxy.addr().port(), trusting(&authority)).protocol(protocol).pool_size(1);
    let client = Client::open(config).await.unwrap();
    assert_eq!(client.echo::<String>("ready").await.unwrap(), "ready");
    Some((server, proxy, client))
}

#[tokio::test]
async fn a_connection_cut_within_a_transaction_leaves_its_outcome_unknown() {
    for protocol in PROTOCOLS {
        let Some((server, proxy, client)) = behind_proxy(protocol).await else { return };
        let both = async || client.pipeline().incr("n").incr("m").execute().await;
        let (requests, replies) = (proxy.request_bytes(), proxy.reply_bytes());
        both().await.unwrap();
        let (requests, replies) = (proxy.request_bytes() - requests, proxy.reply_bytes() - replies);
        assert!(requests > 60 && replies > 40, "{requests} {replies}");
        let cut_replies = (0..replies).map(|bytes| (false, bytes));
        for (of_requests, bytes) in (0..requests).map(|bytes| (true, bytes)).chain(cut_replies) {
            assert_eq!(client.echo::<String>("connected").await.unwrap(), "connected");
            if of_requests {
                proxy.cut_request_after(bytes);
            } else {
                proxy.cut_reply_after(bytes);
            }
            let error = both().await.expect_err("it was cut");
            assert!(matches!(error, Error::OutcomeUnknown { .. }), "{of_requests} {bytes}: {error:?}");
        }
        let n: i64 = client.get("n").await.unwrap().unwrap();
        assert_eq!(server.raw().await.command(["GET", "m"]).await.text(), n.to_string(), "one without the other");
        // It had run if the replies were cut, and never if the request was.
        assert_eq!(n, 1 + replies as i64);
    }
}

#[tokio::test]
async fn a_watched_connection_cut_at_exec_is_no_commit() {
    let Some((_server, proxy, client)) = behind_proxy(Protocol::Resp3).await else { return };
    for bytes in 0..60 {
        let mut tx = client.pipeline().watch("n").await.unwrap();
        let n = tx.get::<i64>("n").await.unwrap();
        assert_eq!(n, None);
        proxy.cut_request_after(bytes);
        let executed = tx.multi().incr("n").execute().await;
        assert!(matches!(executed, Err(Error::OutcomeUnknown { .. })), "{bytes}: {executed:?}");
    }
    client.incr("n").await.unwrap();
}

#[tokio::test]
async fn of_a_large_request_that_was_cut_the_start_may_have_run() {
    for protocol in PROTOCOLS {
        let Some((_server, proxy, client)) = behind_proxy(protocol).await else { return };
        let large = "x".repeat(4 << 20);
        for (round, bytes) in [100, 20_000, 70_000, 1_000_000, 3_000_000].into_iter().enumerate() {
            assert_eq!(client.incr("rounds").await.unwrap(), round as i64 + 1);
            proxy.cut_request_after(bytes);
            let sent = client.pipeline().without_transaction().incr("n").set("large", &large).execute().await;
            let error = sent.expect_err("it was cut");
            assert!(matches!(error, Error::OutcomeUnknown { .. }), "{bytes}: {error:?}");
        }
    }
}

#[tokio::test]
async fn a_server_that_is_killed_and_comes_back_is_connected_to_anew() {
    let Some((server, authority)) = server().await else { return };
    let client = Client::open(config(server.tls_addr().port(), trusting(&authority))).await.unwrap();
    client.set("a", 1).await.unwrap();
    server.kill9();
    let error = client.get::<i64>("a").await.unwrap_err();
    assert!(error.to_string().contains("the server closed the connection") || matches!(error, Error::Connect { .. }));
    server.restart().await;
    assert_eq!(client.incr("a").await.unwrap(), 1);
}

#[tokio::test]
async fn the_handshake_is_within_the_timeout_for_connecting() {
    let Some((server, authority)) = server().await else { return };
    server.freeze();
    let config = config(server.tls_addr().port(), trusting(&authority)).connect_timeout(Duration::from_millis(100));
    let error = refused(config).await;
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Tls, .. }), "{error:?}");
    server.thaw();
}

async fn pools(trickling: bool) -> Vec<PoolOfOne> {
    let mut pools = Vec::new();
    for protocol in PROTOCOLS {
        let Some((server, authority)) = server().await else { break };
        let proxy = Proxy::start(server.tls_addr()).await;
        if trickling {
            proxy.trickle_replies();
        }
        let config = config(proxy.addr().port(), trusting(&authority)).protocol(protocol);
        pools.push(PoolOfOne::new(server, Some(proxy), config).await);
    }
    pools
}

#[tokio::test]
async fn a_transaction_dropped_at_any_await_leaves_a_clean_connection() {
    for trickling in [false, true] {
        dropped_at_every_await!(pools(trickling), |client| async {
            let mut tx = client.pipeline().watch(["a", "b"]).await?;
            let a = tx.get::<i64>("a").await?;
            tx.multi().set("c", a.unwrap_or(0)).incr("d").execute().await
        });
    }
}

#[tokio::test]
async fn what_is_shared_dropped_at_any_await_leaves_a_clean_connection() {
    for trickling in [false, true] {
        dropped_at_every_await!(pools(trickling), |client| client.pipeline().incr("x").echo::<String>("y").execute());
    }
}

#[tokio::test]
async fn a_large_transaction_and_what_blocks_dropped_at_any_await_leave_a_clean_connection() {
    let large = "x".repeat(2 << 20);
    dropped_at_every_await!(pools(false), |client| async {
        let tx = client.pipeline().watch("a").await?;
        tx.multi().set("large", &large).get::<String>("large").execute().await
    });
    dropped_at_every_await!(pools(false), |client| async {
        client.rpush("jobs", "one").await?;
        client.blpop::<String>("jobs", 0.0).await
    });
}

// Trust.

#[tokio::test]
async fn a_client_certificate_is_shown_where_the_server_asks_for_one() {
    let (authority, other) = (Authority::new("authority"), Authority::new("other"));
    for version in ["TLSv1.2", "TLSv1.3"] {
        let settings = [("tls-auth-clients", "yes"), ("tls-protocols", version)];
        let Some(server) = start(&authority.server(), &authority, &settings).await else { return };
        let with = |Identity { certificate, key }| trusting(&authority).client_certificate_pem(certificate, key);
        let client = Client::open(config(server.tls_addr().port(), with(authority.client()))).await.unwrap();
        client.set("a", 1).await.unwrap();

        for _ in 0..20 {
            let said = words(&server, trusting(&authority)).await;
            assert!(
                said.contains("client certificate") && said.contains("Tls::client_certificate_pem"),
                "{version}: {said}"
            );
        }
        let said = words(&server, with(other.client())).await;
        assert!(said.contains("does not accept the client's certificate"), "{version}: {said}");
    }
}

#[tokio::test]
async fn a_certificate_of_another_issuer_is_refused() {
    let Some((server, _)) = server().await else { return };
    let said = words(&server, trusting(&Authority::new("other"))).await;
    assert!(said.contains("issued by none of the roots given to `Tls::root_certificates_pem`"), "{said}");
    // Another authority with the same name is not trusted.
    let said = words(&server, trusting(&Authority::new("authority"))).await;
    assert!(said.contains("issued by none of the roots"), "{said}");
    let said = words(
        &server,
        Tls::new()
            .root_certificates_pem(Authority::new("one").pem())
            .root_certificates_pem(Authority::new("two").pem()),
    )
    .await;
    assert!(said.contains("issued by none of the roots"), "{said}");
}

#[tokio::test]
async fn all_of_several_roots_are_trusted() {
    let Some((server, authority)) = server().await else { return };
    let other = Authority::new("other").pem();
    for tls in [
        trusting(&authority).root_certificates_pem(other.as_str()),
        Tls::new().root_certificates_pem(other.clone() + &authority.pem()),
    ] {
        Client::open(config(server.tls_addr().port(), tls)).await.unwrap();
    }
}

/// Runs this test binary again with other environments, because the system's roots are found by environment variables.
#[tokio::test]
async fn a_url_alone_trusts_the_roots_of_the_system() {
    const URL: &str = "TYPEDIS_TEST_URL";
    const ITSELF: &str = "connection::tls::a_url_alone_trusts_the_roots_of_the_system";
    if let Ok(url) = env::var(URL) {
        match Client::connect(&url).await {
            Ok(client) => return assert_eq!(client.incr("n").await.unwrap(), 1),
            Err(error) => panic!("{error}"),
        }
    }
    let Some((server, authority)) = server().await else { return };
    let file = env::temp_dir().join(format!("typedis-roots-{}", std::process::id()));
    let run = |roots: &str| {
        fs::write(&file, roots).unwrap();
        let mut itself = Command::new(env::current_exe().unwrap());
        itself.args(["--exact", ITSELF]);
        itself.env("SSL_CERT_FILE", &file).env_remove("SSL_CERT_DIR");
        let ran = itself.env(URL, format!("rediss://localhost:{}", server.tls_addr().port())).output().unwrap();
        String::from_utf8_lossy(&ran.stdout).into_owned()
    };
    let said = [authority.pem(), Authority::new("other").pem(), String::new()].map(|roots| run(&roots));
    fs::remove_file(&file).unwrap();
    assert!(said[0].contains("1 passed"), "{}", said[0]);
    assert!(said[1].contains("is not among the roots that the system trusts"), "{}", said[1]);
    assert!(said[2].contains("configuration: TLS: the system has no roots to trust"), "{}", said[2]);
}

#[tokio::test]
async fn a_certificate_out_of_its_time_is_refused() {
    let authority = Authority::new("authority");
    for (identity, words_of_it) in
        [(authority.expired_server(), "certificate has expired"), (authority.future_server(), "is not valid yet")]
    {
        let Some(server) = start(&identity, &authority, &[]).await else { return };
        let said = words(&server, trusting(&authority)).await;
        assert!(said.contains(words_of_it) && said.contains("clock"), "{said}");
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused_unless_that_name_is_meant() {
    let authority = Authority::new("authority");
    let Some(server) = start(&authority.server_named("redis.example"), &authority, &[]).await else { return };
    let said = words(&server, trusting(&authority)).await;
    assert!(said.contains("is not for localhost, it is for redis.example"), "{said}");
    assert!(said.contains("Tls::server_name"), "{said}");
    let client = Client::open(config(server.tls_addr().port(), trusting(&authority).server_name("redis.example")));
    client.await.unwrap();

    let Some(server) = start(&authority.nameless_server(), &authority, &[]).await else { return };
    let said = words(&server, trusting(&authority)).await;
    assert!(said.contains("it is for no host at all (subjectAltName)"), "{said}");
}

#[tokio::test]
async fn an_ip_address_is_a_name_too() {
    let Some((server, authority)) = server().await else { return };
    let config = Config::from_url(&format!("valkeys://{}", server.tls_addr())).unwrap();
    Client::open(config.tls(trusting(&authority))).await.unwrap();
}

#[tokio::test]
async fn a_certificate_that_a_server_made_for_itself_can_be_trusted() {
    let authority = Authority::new("authority");
    for of_authority in [false, true] {
        let identity = self_signed(of_authority);
        let Some(server) = start(&identity, &authority, &[]).await else { return };
        let tls = Tls::new().root_certificates_pem(identity.certificate);
        if of_authority {
            assert!(words(&server, tls).await.contains("CA:TRUE"));
        } else {
            Client::open(config(server.tls_addr().port(), tls)).await.unwrap();
        }
    }
}

// One side without TLS.

#[tokio::test]
async fn a_server_without_tls_on_the_port_is_named() {
    let tls = || trusting(&Authority::new("authority"));
    let server = Server::start().await;
    let timeout = Duration::from_millis(300);
    let error = refused(config(server.port(), tls()).connect_timeout(timeout)).await;
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Tls, .. }), "{error:?}");
    assert!(error.to_string().contains("is this the TLS port? Without TLS the URL is `redis://`"), "{error}");

    let fake = Fake::closing("-ERR unknown command\r\n").await;
    let error = refused(config(fake.addr().port(), tls())).await;
    assert!(matches!(error, Error::Tls { .. }), "{error:?}");
    assert!(error.to_string().contains("is this the TLS port? Without TLS the URL is `redis://`"), "{error}");

    let fake = Fake::closing("").await;
    let error = refused(config(fake.addr().port(), tls())).await;
    assert!(matches!(error, Error::Connect { .. }), "{error:?}");
    assert!(error.to_string().contains("`rediss://` and the port one without"), "{error}");
}

#[tokio::test]
async fn a_tls_port_that_is_greeted_without_tls_is_named() {
    for protocol in PROTOCOLS {
        // OpenSSL may send an alert.
        let fake = Fake::closing(b"\x15\x03\x01\x00\x02\x02\x46").await;
        let error = refused(Config::from_url(&fake.url()).unwrap().protocol(protocol)).await;
        assert!(matches!(error, Error::Tls { .. }), "{error:?}");
        assert!(error.to_string().contains("the server speaks TLS on this port: write `rediss://`"), "{error}");
        if let Some((server, _)) = server().await {
            let config = Config::from_url(&format!("redis://{}", server.tls_addr())).unwrap().protocol(protocol);
            let error = refused(config).await;
            assert!(error.to_string().contains("`redis://` and the port one for TLS"), "{error} {error:?}");
        }
    }
}
