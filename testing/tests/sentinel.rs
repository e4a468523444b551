//! The Sentinels of a test are ready at once, and make a replica the primary by command and by themselves.

use typedis_testing::{Raw, SentinelSet};

#[tokio::test]
async fn a_replica_becomes_the_primary_by_command_and_by_itself() {
    let set = SentinelSet::builder().replicas(2).start().await;
    let old = set.primary().await;
    assert_eq!(old.port(), set.servers()[0].port());
    let new = set.failover().await;
    assert_ne!(new.port(), old.port());
    let third = set.servers().iter().find(|server| ![old.port(), new.port()].contains(&server.port())).unwrap();
    set.wait_for_replica(third).await;
    new.kill9();
    let next = set.primary_after(new).await;
    assert_eq!(next.raw().await.command(["SET", "k", "v"]).await.text(), "OK");
    new.restart().await;
    assert_eq!(new.raw().await.command(["PING"]).await.text(), "PONG");
}

#[tokio::test]
async fn servers_and_sentinels_have_passwords_of_their_own() {
    let set = SentinelSet::builder().name("shop").replicas(2).password("one").sentinel_password("two").start().await;
    assert_eq!(set.servers().len(), 3);
    assert!(set.url().ends_with("/shop"), "{}", set.url());
    let mut stranger = Raw::connect(set.sentinels()[0].addr()).await;
    assert!(stranger.command(["SENTINEL", "MASTERS"]).await.is_error());
    assert_eq!(stranger.command(["AUTH", "two"]).await.text(), "OK");
    let mut stranger = Raw::connect(set.primary().await.addr()).await;
    assert!(stranger.command(["AUTH", "two"]).await.is_error());
    assert_eq!(stranger.command(["AUTH", "one"]).await.text(), "OK");
}
