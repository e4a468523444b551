//! The commands on HyperLogLogs, each run against a real server.

use crate::support::rows::{assert_all_ran, in_both_protocols};
use bytes::Bytes;
use typedis::{Error, Key, Outcome, key::HyperLogLog, prelude::*};

const VISITORS: Key<HyperLogLog> = Key::new("visitors");

#[tokio::test]
async fn every_row_answers_as_declared() {
    in_both_protocols(async |server, client| {
        assert!(client.pfadd(VISITORS, ["ann", "ben"]).await?);
        assert!(!client.pfadd(VISITORS, "ann").await?);
        assert!(client.pfadd("empty", ()).await? && !client.pfadd("empty", ()).await?);
        assert_eq!((client.pfcount(VISITORS).await?, client.pfcount("nothing").await?), (2, 0));

        client.pfadd("others", (1, "ben", 2.5)).await?;
        assert_eq!(client.pfcount(("others", VISITORS, "nothing")).await?, 4);
        client.pfmerge("all", ["others", "visitors", "nothing"]).await?;
        assert_eq!(client.pfcount("all").await?, 4);
        client.pfmerge("none", ()).await?;
        assert_eq!((client.pfcount("none").await?, client.exists("none").await?), (0, 1));

        // A HyperLogLog is a string, and typed keys know it.
        let value: Bytes = client.get(VISITORS).await?.unwrap();
        client.set("copy", value).await?;
        assert_eq!(client.pfcount("copy").await?, 2);
        client.set("text", "no HyperLogLog").await?;
        let text = client.pfcount("text").await;
        assert!(matches!(text, Err(Error::Server { .. })), "{text:?}");
        assert_all_ran(server, "hyperloglog").await;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_pfcount_that_keeps_its_result_is_a_conflict() {
    in_both_protocols(async |_, client| {
        client.pfadd(VISITORS, "ann").await?;
        let tx = client.pipeline().watch(VISITORS).await?;
        client.pfcount(VISITORS).await?;
        let first = tx.multi().incr("commits").execute().await?;
        assert!(matches!(first, Outcome::Conflict), "{first:?}");

        let tx = client.pipeline().watch(VISITORS).await?;
        client.pfcount(VISITORS).await?;
        let second = tx.multi().incr("commits").execute().await?;
        assert!(matches!(second, Outcome::Committed(_)), "{second:?}");
        Ok(())
    })
    .await;
}
