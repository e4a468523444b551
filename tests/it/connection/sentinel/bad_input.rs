//! Sentinels that lead to no primary: each error names the node, and says what to do.

use super::{NAME, config, make_replica, set};
use std::time::{Duration, Instant};
use typedis::{Client, Config, Error, error::SentinelErrorKind};
use typedis_testing::{ClosedPort, Fake, FakeSentinel, Server};

/// Returns the kind, the address and the words of an error about Sentinels.
async fn refused(config: Config) -> (SentinelErrorKind, String, String) {
    let began = Instant::now();
    let error = Client::open(config.connect_timeout(Duration::from_millis(500))).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}: {error}", began.elapsed());
    assert!(!error.may_have_run());
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    let Error::Sentinel { kind, address, reason } = error else { panic!("{error:?}") };
    (kind, address.into(), reason.into())
}

#[tokio::test]
async fn no_sentinel_is_reachable() {
    let (closed, other) = (ClosedPort::new(), ClosedPort::new());
    let (kind, address, reason) = refused(config(&[closed.addr(), other.addr()])).await;
    assert_eq!((kind, address), (SentinelErrorKind::Unreachable, closed.addr().to_string()));
    assert!(reason.contains("cannot connect") && reason.contains(&other.addr().to_string()), "{reason}");
    let (_server, silent) = set().await;
    silent.freeze();
    let (kind, address, reason) = refused(config(&[silent.addr()])).await;
    assert_eq!((kind, address), (SentinelErrorKind::Unreachable, silent.addr().to_string()));
    assert!(reason.contains("no answer within 250ms"), "{reason}");
}

#[tokio::test]
async fn the_name_is_unknown() {
    let (server, _) = set().await;
    let sentinel = FakeSentinel::start("other", server.addr()).await;
    let (kind, address, reason) = refused(config(&[sentinel.addr()])).await;
    assert_eq!((kind, address), (SentinelErrorKind::UnknownName, sentinel.addr().to_string()));
    assert!(reason.contains("no primary of the name `mymaster`") && reason.contains("sentinel monitor"), "{reason}");
    // Where another Sentinel is not reachable, it may know the name.
    let closed = ClosedPort::new();
    let (kind, _, reason) = refused(config(&[sentinel.addr(), closed.addr()])).await;
    assert_eq!(kind, SentinelErrorKind::Unreachable);
    assert!(reason.contains("no primary of the name"), "{reason}");
}

#[tokio::test]
async fn a_sentinel_knows_nothing_yet() {
    let (server, sentinel) = set().await;
    sentinel.answers(b"-IDONTKNOW I have not enough information to reply. Please ask another Sentinel.\r\n");
    let (kind, address, reason) = refused(config(&[sentinel.addr()])).await;
    assert_eq!((kind, address), (SentinelErrorKind::Undecided, sentinel.addr().to_string()));
    assert!(reason.contains("does not know the primary yet"), "{reason}");
    let opened = tokio::spawn(Client::open(config(&[sentinel.addr()])));
    let before = sentinel.questions();
    while sentinel.questions() == before {
        tokio::task::yield_now().await;
    }
    sentinel.names(server.addr());
    opened.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_password_is_wrong() {
    let (server, sentinel) = set().await;
    sentinel.requires("default", "right");
    for config in [config(&[sentinel.addr()]).sentinel_password("s3cret"), config(&[sentinel.addr()])] {
        let (kind, address, reason) = refused(config).await;
        assert_eq!((kind, address), (SentinelErrorKind::Refused, sentinel.addr().to_string()));
        assert!(reason.contains("`sentinel_user` and `sentinel_password`"), "{reason}");
    }
    server.raw().await.command(["CONFIG", "SET", "requirepass", "right"]).await;
    let wrong = config(&[sentinel.addr()]).sentinel_password("right").password("s3cret");
    let error = Client::open(wrong).await.unwrap_err();
    let is_server = |address: &str| address == server.addr().to_string();
    assert!(matches!(&error, Error::Handshake { address, .. } if is_server(address)), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
}

#[tokio::test]
async fn a_server_is_no_sentinel() {
    let server = Server::start().await;
    let (kind, address, reason) = refused(config(&[server.addr()])).await;
    assert_eq!((kind, address), (SentinelErrorKind::NotSentinel, server.addr().to_string()));
    assert!(reason.contains("this is no Sentinel") && reason.contains("26379"), "{reason}");
    for bytes in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n"] {
        let other = Fake::holding(bytes).await;
        let (kind, address, _) = refused(config(&[other.addr()])).await;
        assert_eq!((kind, address), (SentinelErrorKind::NotSentinel, other.addr().to_string()));
    }
}

#[tokio::test]
async fn an_answer_cannot_be_understood() {
    let (_server, sentinel) = set().await;
    for (answer, expected) in [
        (&b"*2\r\n$9\r\n127.0.0.1\r\n$5\r\n65536\r\n"[..], SentinelErrorKind::Undecided),
        (b"*2\r\n$0\r\n\r\n$4\r\n6379\r\n", SentinelErrorKind::Undecided),
        (b"*3\r\n+a\r\n+b\r\n+c\r\n", SentinelErrorKind::NotSentinel),
        (b"*2\r\n*0\r\n*0\r\n", SentinelErrorKind::NotSentinel),
        (b":1\r\n", SentinelErrorKind::NotSentinel),
        (b"?\r\n", SentinelErrorKind::NotSentinel),
        (b"$999999999\r\n", SentinelErrorKind::NotSentinel),
    ] {
        sentinel.answers(answer);
        let (kind, address, _) = refused(config(&[sentinel.addr()])).await;
        assert_eq!((kind, address), (expected, sentinel.addr().to_string()), "{}", answer.escape_ascii());
    }
}

#[tokio::test]
async fn the_named_server_is_a_replica() {
    let (primary, replica) = (Server::start().await, Server::start().await);
    make_replica(&replica, &primary).await;
    let sentinel = FakeSentinel::start(NAME, replica.addr()).await;
    let (kind, address, reason) = refused(config(&[sentinel.addr()])).await;
    assert_eq!((kind, address), (SentinelErrorKind::NotPrimary, replica.addr().to_string()));
    assert!(reason.contains("says that it is a replica") && reason.contains("failover"), "{reason}");
    // It was looked for again and again.
    assert!(sentinel.questions() > 3, "{}", sentinel.questions());
}

#[tokio::test]
async fn the_named_server_cannot_be_reached() {
    let closed = ClosedPort::new();
    let sentinel = FakeSentinel::start(NAME, closed.addr()).await;
    let silent = FakeSentinel::start(NAME, closed.addr()).await;
    for server in [closed.addr(), silent.addr()] {
        silent.freeze();
        sentinel.names(server);
        let limited = config(&[sentinel.addr()]).connect_timeout(Duration::from_millis(300));
        let error = Client::open(limited).await.unwrap_err();
        let is_server = |address: &str| address == server.to_string();
        assert!(matches!(&error, Error::Connect { address, .. } if is_server(address)), "{error:?}");
    }
}
