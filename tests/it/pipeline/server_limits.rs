//! Transactions at the limits of a server: its memory, the size of a queue, the role of a primary.

use crate::support::{client, pool_of_one};
use typedis::{Error, Result, error::ErrorKind, hlist, prelude::*};

#[tokio::test]
async fn with_full_memory_a_refused_read_is_named_or_the_reads_run() -> Result<()> {
    let (server, client) = client().await;
    client.set("a", 1).await?;
    client.config_set("maxmemory", 1).await?;
    let reads = client.pipeline().get::<i64>("a").exists("b").execute().await;
    if server.version() < (7, 2, 0) {
        // Before 7.2 a transaction refuses every command but those that free memory.
        let Err(Error::Aborted { at, error, .. }) = &reads else { panic!("{reads:?}") };
        assert_eq!((at.number, at.name, error.kind()), (1, "GET", ErrorKind::OutOfMemory));
        assert!(!reads.unwrap_err().may_have_run());
    } else {
        assert_eq!(reads?, hlist![Some(1), 0]);
    }
    let writes = client.pipeline().get::<i64>("a").set("a", 2).execute().await;
    let Err(Error::Aborted { at, error, .. }) = &writes else { panic!("{writes:?}") };
    let first = if server.version() < (7, 2, 0) { (1, "GET") } else { (2, "SET") };
    assert_eq!(((at.number, at.name), error.kind()), (first, ErrorKind::OutOfMemory));
    assert!(!writes.unwrap_err().may_have_run());
    assert_eq!(client.get::<i64>("a").await?, Some(1));
    Ok(())
}

#[tokio::test]
async fn a_transaction_above_the_query_buffer_limit_runs_in_whole_or_not_at_all() -> Result<()> {
    let (server, client) = client().await;
    client.config_set("client-query-buffer-limit", 1024 * 1024).await?;
    let value = "x".repeat(1000);
    let queue = client.pipeline().each(0..2000, |p, n| p.set(format!("key:{n}"), &value));
    match queue.execute().await {
        Ok(_) => assert_eq!(client.dbsize().await?, 2000),
        // From Redis 7.4 and Valkey 8.1 on queued commands count, and the server closes the connection without a word.
        Err(error) => {
            assert!(server.version() >= (7, 2, 0) && matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
            assert!(error.to_string().contains("client-query-buffer-limit"), "{error}");
            assert_eq!(client.dbsize().await?, 0, "the same client works on");
        }
    }
    let plain = client.pipeline().without_transaction();
    plain.each(0..2000, |p, n| p.set(format!("key:{n}"), &value)).execute().await?;
    assert_eq!(client.dbsize().await?, 2000);
    Ok(())
}

#[tokio::test]
async fn a_blocked_caller_is_told_that_the_primary_became_a_replica() -> Result<()> {
    let (server, client) = pool_of_one().await;
    let mut raw = server.raw().await;
    let blocked = tokio::spawn({
        let client = client.clone();
        async move { client.blpop::<String>("list", 0.0).await }
    });
    while !raw.command(["INFO", "clients"]).await.text().contains("blocked_clients:1") {}
    raw.command(["REPLICAOF", "127.0.0.1", "1"]).await;
    let error = blocked.await.expect("it ends").unwrap_err();
    assert!(matches!(&error, Error::Server { error, .. } if error.kind() == ErrorKind::Unblocked), "{error:?}");
    // The server closes the connection behind the error; the pool opens another one.
    raw.command(["REPLICAOF", "NO", "ONE"]).await;
    raw.command(["RPUSH", "list", "x"]).await;
    assert_eq!(client.blpop::<String>("list", 0.0).await?.map(|(_, element)| element), Some("x".to_owned()));
    Ok(())
}
