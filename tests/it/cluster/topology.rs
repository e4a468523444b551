//! Code that is generic over the topology, on a cluster.

use super::three_primaries;
use crate::support::client;
use typedis::{ClientOn, Result, hlist_pat, key::Str, keyspace, pipeline, prelude::*, topology::Topology};

keyspace! {
    tag "apple";
    STOCK: Str<i64> = "stock";
    SOLD: Str<i64> = "sold";
}

async fn sell<T: Topology>(client: &ClientOn<T>) -> Result<(i64, i64)> {
    client.set(STOCK, 10).await?;
    let hlist_pat![_, _] = client.pipeline().decr(STOCK).incr(SOLD).execute().await?;
    let hlist_pat![_, _] = client
        .transaction(STOCK, async |mut tx| {
            let stock = tx.get(STOCK).await?.unwrap_or(0);
            Ok(tx.multi().set(STOCK, stock - 1).incr(SOLD))
        })
        .await?;
    let (left, sold) = pipeline! { client =>
        watch(STOCK);
        let stock = get(STOCK)?.unwrap_or(0);
        multi();
        incrby(STOCK, -stock / 2);
        incrby(SOLD, stock / 2);
    }?;
    // Of another slot, which only a transaction of a cluster refuses.
    pipeline! { client.pipeline().without_transaction() => set("other", 1); incr(SOLD) }?;
    Ok((left, sold))
}

#[tokio::test]
async fn the_same_code_runs_on_one_server_and_on_a_cluster() {
    let (_server, client) = client().await;
    assert_eq!(sell(&client).await.unwrap(), (4, 6));
    let (_set, client) = three_primaries().await;
    assert_eq!(sell(&client).await.unwrap(), (4, 6));
}
