//! What an operator sees of a cluster: metrics and events by node.

use super::three_primaries;
use typedis::{Event, prelude::*};

#[tokio::test]
async fn metrics_and_events_name_the_node() {
    let (set, client) = three_primaries().await;
    let mut events = client.events();
    for place in 0..3 {
        client.set(set.key_on(place, "a").await, 1).await.unwrap();
    }
    let mut addresses: Vec<_> = set.nodes().iter().map(|node| node.addr().to_string()).collect();
    addresses.sort_unstable();
    let nodes = client.nodes();
    assert!(nodes.iter().map(|node| &*node.address).eq(addresses.iter().map(String::as_str)), "{nodes:?}");
    assert!(nodes.iter().all(|node| node.is_primary && node.metrics.connections == 1), "{nodes:?}");
    assert_eq!(client.metrics().connections, 3);

    let lost = set.node(1).addr().to_string();
    set.node(1).raw().await.command(["CLIENT", "KILL", "TYPE", "normal"]).await;
    match events.next().await.unwrap() {
        Event::Lost { server, .. } => assert_eq!(*server, *lost),
        other => panic!("{other:?}"),
    }
    match events.next().await.unwrap() {
        Event::Connected { server, reconnects } => assert_eq!((&*server, reconnects), (&*lost, 1)),
        other => panic!("{other:?}"),
    }
    assert_eq!(client.nodes().iter().filter(|node| node.metrics.reconnects == 1).count(), 1);
}
