//! Real Sentinels: failovers by command, by a kill and by a freeze, under load, and TLS.

use super::config;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    task::{JoinSet, yield_now},
};
use typedis::{Client, Config, Error, Outcome, error::ErrorKind, prelude::*};
use typedis_testing::{Frame, Raw, SentinelSet, Server};

fn of_set(set: &SentinelSet) -> Config {
    let sentinels: Vec<SocketAddr> = set.sentinels().iter().map(Server::addr).collect();
    config(&sentinels)
}

const WORKERS: usize = 8;

/// The counts of one worker.
#[derive(Default)]
struct Counts {
    acknowledged: i64,
    unknown: i64,
    /// The errors that prove that nothing ran.
    refused: Vec<Error>,
}

/// Increments the counters `shared:{worker}`, and `watched:{worker}` in watched transactions, until `ended`.
async fn work(client: Client, worker: usize, ended: watch::Receiver<bool>) -> (usize, [Counts; 2]) {
    let mut counts = [Counts::default(), Counts::default()];
    let (shared, watched) = (format!("shared:{worker}"), format!("watched:{worker}"));
    while !*ended.borrow() {
        counts[0].count(client.incr(&shared).await.map(drop));
        let commit = async {
            let tx = client.pipeline().watch(&watched).await?;
            match tx.multi().incr(&watched).execute().await? {
                Outcome::Committed(_) => Ok(()),
                Outcome::Conflict => Err(Error::Conflict { attempts: 1 }),
            }
        };
        counts[1].count(commit.await);
    }
    (worker, counts)
}

impl Counts {
    fn count(&mut self, result: Result<(), Error>) {
        match result {
            Ok(()) => self.acknowledged += 1,
            Err(error) if error.may_have_run() => {
                assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
                self.unknown += 1;
            }
            Err(error) => {
                let expected = match &error {
                    Error::Server { error, .. } | Error::Aborted { error, .. } => error.kind() == ErrorKind::ReadOnly,
                    Error::NotSent { .. } | Error::WatchLost { .. } | Error::Conflict { .. } => true,
                    _ => false,
                };
                assert!(expected, "{error:?}");
                self.refused.push(error);
            }
        }
    }
}

/// Waits until every worker has written to this server.
async fn written(server: &Server) {
    let mut raw = server.raw().await;
    for worker in 0..WORKERS {
        for key in [format!("shared:{worker}"), format!("watched:{worker}")] {
            let before = number(&mut raw, &key).await;
            while number(&mut raw, &key).await == before {
                yield_now().await;
            }
        }
    }
}

async fn number(raw: &mut Raw, key: &str) -> i64 {
    match raw.command(["GET", key]).await {
        Frame::Null => 0,
        value => value.text().parse().unwrap(),
    }
}

/// Lets workers write while `fail` has the primary replaced, and then until each has written to the new one. Asserts that what
/// was acknowledged behind the failover is there, and nothing that was not asked for.
async fn survives(set: &SentinelSet, fail: impl AsyncFn(&Server)) {
    let client = Client::open(of_set(set)).await.unwrap();
    let old = set.primary().await;
    let (end, ended) = watch::channel(false);
    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        workers.spawn(work(client.clone(), worker, ended.clone()));
    }
    written(old).await;
    set.wait_for_replica(&set.servers()[1]).await;
    fail(old).await;
    let new = set.primary_after(old).await;
    let mut raw = new.raw().await;
    written(new).await;
    end.send_replace(true);
    let counts = workers.join_all().await;
    for (worker, counts) in &counts {
        for (name, Counts { acknowledged, unknown, refused }) in ["shared", "watched"].iter().zip(counts) {
            let value = number(&mut raw, &format!("{name}:{worker}")).await;
            let told = format!("{name}:{worker} is {value}: {acknowledged} and {unknown} unknown, {refused:?}");
            assert!(value <= acknowledged + unknown, "{told}");
            // A request has one connection at a time, so one failover makes few of them unknown.
            assert!(*unknown <= 2, "{unknown}");
        }
    }
    client.close().await;
}

#[tokio::test]
async fn a_failover_by_command_goes_to_the_new_primary() {
    let set = SentinelSet::start().await;
    survives(&set, async |_| {
        set.failover().await;
    })
    .await;
}

#[tokio::test]
async fn a_killed_primary_is_left_for_the_new_one() {
    let set = SentinelSet::start().await;
    survives(&set, async |primary| primary.kill9()).await;
}

#[tokio::test]
async fn a_frozen_primary_is_left_for_the_new_one() {
    let set = SentinelSet::start().await;
    survives(&set, async |primary| primary.freeze()).await;
}

#[tokio::test]
async fn a_returned_primary_gets_no_writes() {
    let set = SentinelSet::start().await;
    let client = Client::open(of_set(&set)).await.unwrap();
    client.set("k", "first").await.unwrap();
    let old = set.primary().await;
    old.kill9();
    let new = set.primary_after(old).await;
    client.set("k", "second").await.unwrap();
    // For some seconds it is a primary by its own account.
    old.restart().await;
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(2) {
        client.incr("n").await.unwrap();
        let opened = Client::open(of_set(&set)).await.unwrap();
        opened.incr("n").await.unwrap();
    }
    assert_eq!(old.raw().await.command(["EXISTS", "n"]).await.integer(), 0);
    assert!(new.raw().await.command(["GET", "n"]).await.text().parse::<i64>().unwrap() > 1);
}

#[tokio::test]
async fn the_death_of_a_sentinel_with_the_primary_is_survived() {
    let set = SentinelSet::start().await;
    // The one that the client asks first, and is subscribed to.
    let client = Client::open(of_set(&set)).await.unwrap();
    client.set("k", "first").await.unwrap();
    set.sentinels()[0].kill9();
    let old = set.primary().await;
    set.wait_for_replica(&set.servers()[1]).await;
    old.kill9();
    let new = set.primary_after(old).await;
    client.set("k", "second").await.unwrap();
    assert_eq!(new.raw().await.command(["GET", "k"]).await.text(), "second");
}

#[tokio::test]
async fn passwords_of_servers_and_sentinels_differ() {
    let set = SentinelSet::builder().password("of-server").sentinel_password("of-sentinel").start().await;
    let config = || of_set(&set).password("of-server").sentinel_password("of-sentinel");
    let client = Client::open(config()).await.unwrap();
    client.set("k", 1).await.unwrap();
    client.replicas().without_primary().exists("k").await.unwrap();
    assert!(matches!(Client::open(config().password("x")).await, Err(Error::Handshake { .. })));
    assert!(matches!(Client::open(config().sentinel_password("x")).await, Err(Error::Sentinel { .. })));
    let refused = Client::open(config().database(1_000)).await.unwrap_err();
    assert!(matches!(refused, Error::Handshake { command: "SELECT", .. }), "{refused:?}");
}

#[cfg(feature = "tls")]
mod tls {
    use super::super::super::tls::authority::Authority;
    use typedis::{Client, Config, Error, Tls, error::SentinelErrorKind, prelude::*};
    use typedis_testing::{SentinelSet, Server};

    #[tokio::test]
    async fn servers_and_sentinels_are_reached_by_tls() {
        if !Server::speaks_tls() {
            println!("skipped: this server was built without TLS");
            return;
        }
        let authority = Authority::new("authority");
        let identity = authority.server();
        let set = SentinelSet::builder().tls(&identity.certificate, &identity.key, &authority.pem()).start().await;
        let config = || Config::from_url(&set.tls_url()).unwrap();
        let trusting = || Tls::new().root_certificates_pem(authority.pem());
        let client = Client::open(config().tls(trusting())).await.unwrap();
        client.set("k", "by TLS").await.unwrap();
        assert_eq!(set.primary().await.raw().await.command(["GET", "k"]).await.text(), "by TLS");
        client.replicas().without_primary().exists("k").await.unwrap();
        client.close().await;
        let client = Client::open(config().tls(trusting()).sentinel_tls(trusting())).await.unwrap();
        assert_eq!(client.ping().await.unwrap(), "PONG");
        // A certificate of the Sentinels, and one of the servers, that is not trusted.
        let other = Tls::new().root_certificates_pem(Authority::new("other").pem());
        let error = Client::open(config().tls(trusting()).sentinel_tls(other.clone())).await.unwrap_err();
        assert!(matches!(&error, Error::Sentinel { kind: SentinelErrorKind::Refused, .. }), "{error:?}");
        assert!(error.to_string().contains("certificate"), "{error}");
        let error = Client::open(config().tls(other).sentinel_tls(trusting())).await.unwrap_err();
        assert!(matches!(&error, Error::Tls { .. }), "{error:?}");
        // Sentinels without TLS, which name the port of the servers' TLS.
        let plain = Config::from_url(&set.url().replace("redis+", "rediss+")).unwrap().tls(trusting());
        Client::open(plain.sentinel_tls(None)).await.unwrap().set("k", 2).await.unwrap();
    }
}
