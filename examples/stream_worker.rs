//! Workers on a stream with a consumer group, where one gets what another left behind: `cargo run --example stream_worker`.

use std::collections::BTreeSet;
use typedis::{
    Client, Error, HashFields, Key,
    commands::stream::{StreamEntry, StreamId, XgroupCreateOptions, XreadgroupOptions},
    key::Stream,
    prelude::*,
};
use typedis_testing::demo_server;

#[derive(Debug, HashFields)]
struct Order {
    item: String,
    quantity: u32,
}

const ORDERS: Key<Stream<Order>> = Key::new("{example:orders}:stream");
const GROUP: &str = "packers";

/// An entry that has been pending for so many milliseconds is taken from its worker. In earnest this is longer than a
/// worker ever needs for one.
const LEFT_BEHIND: u64 = 200;

/// Creates the group at the beginning of the stream, unless another worker was first.
async fn join(client: &Client) -> typedis::Result<()> {
    let options = XgroupCreateOptions::new().mkstream();
    match client.xgroup_create_with(ORDERS, GROUP, StreamId::MIN, options).await {
        Err(Error::Server { error, .. }) if error.code() == "BUSYGROUP" => Ok(()),
        other => other,
    }
}

/// Takes the entries of workers that did not acknowledge them in time, page by page.
async fn left_behind(client: &Client, worker: &str) -> typedis::Result<Vec<StreamEntry<Order>>> {
    let mut orders = Vec::new();
    let mut start = Some(StreamId::MIN);
    while let Some(from) = start {
        let page = client.xautoclaim_count(ORDERS, GROUP, worker, LEFT_BEHIND, from, 100).await?;
        orders.extend(page.claimed);
        start = page.next;
    }
    Ok(orders)
}

/// Packs orders until none has come for a while, and returns their ids.
async fn work(client: &Client, worker: &str) -> typedis::Result<BTreeSet<StreamId>> {
    join(client).await?;
    let mut packed = BTreeSet::new();
    loop {
        // It blocks, so it runs on a dedicated connection. In a queue it would not compile: MULTI does not wait.
        let mut orders = client.xreadgroup_block(GROUP, worker, 2 * LEFT_BEHIND, ORDERS).await?;
        orders.extend(left_behind(client, worker).await?);
        if orders.is_empty() {
            return Ok(packed);
        }
        for StreamEntry { id, fields } in orders {
            println!("{worker} packs {} {}", fields.quantity, fields.item);
            // The entry may come a second time if the worker dies here, so what it does must bear that.
            client.xack(ORDERS, GROUP, id).await?;
            packed.insert(id);
        }
    }
}

#[tokio::main]
async fn main() -> typedis::Result<()> {
    let server = demo_server().await;
    let client = Client::connect(server.url()).await?;
    client.del(ORDERS).await?;
    if let Err(error) = join(&client).await {
        // The small server that is installed where there is no other has no consumer groups.
        println!(
            "{} cannot run this, but Redis and Valkey can, in the PATH or at REDIS_URL: {error}",
            server.describe()
        );
        return Ok(());
    }

    let mut ordered = BTreeSet::new();
    for (item, quantity) in [("pears", 3), ("plums", 5), ("quinces", 1)] {
        ordered.insert(client.xadd(ORDERS, Order { item: item.to_owned(), quantity }).await?);
    }

    // This worker takes an order and dies.
    let lost = client.xreadgroup_with(GROUP, "ann", ORDERS, XreadgroupOptions::new().count(1)).await?;
    println!("ann dies with {} {}", lost[0].fields.quantity, lost[0].fields.item);

    let packed = work(&client, "ben").await?;
    assert_eq!(packed, ordered);
    assert_eq!(client.xpending(ORDERS, GROUP).await?.count, 0);
    Ok(())
}
