//! Jobs on a list: one is taken by waiting for it, and never lost while it is worked on: `cargo run --example job_queue`.

use typedis::{Client, Key, hlist_pat, key::List, options::Side, prelude::*};
use typedis_testing::demo_server;

const WAITING: Key<List<String>> = Key::new("{example:jobs}:waiting");
const WORKING: Key<List<String>> = Key::new("{example:jobs}:working");

/// Puts back what a worker took and did not finish, because it died or was dropped while it waited.
async fn put_back(client: &Client) -> typedis::Result<()> {
    while client.lmove(WORKING, WAITING, Side::Right, Side::Left).await?.is_some() {}
    Ok(())
}

/// Takes jobs until there are none for a second. A job stays on the second list while it is worked on, so that it is never
/// lost: this is the only worker of its list, so what it finds there at the start is nobody's.
async fn work(client: Client) -> typedis::Result<Vec<String>> {
    put_back(&client).await?;
    let mut done = Vec::new();
    // Blocks, so it runs on a connection of its own. In a queue it would not compile: MULTI does not wait.
    while let Some(job) = client.blmove(WAITING, WORKING, Side::Left, Side::Right, 1.0).await? {
        println!("working on {job}");
        let hlist_pat![removed, _] =
            client.pipeline().lrem(WORKING, 1, &job).incr("{example:jobs}:done").execute().await?;
        assert_eq!(removed, 1);
        done.push(job);
    }
    Ok(done)
}

#[tokio::main]
async fn main() -> typedis::Result<()> {
    let server = demo_server().await;
    let client = Client::connect(server.url()).await?;
    client.del((WAITING, WORKING)).await?;

    let worker = tokio::spawn(work(client.clone()));
    let hlist_pat![first, second] = client
        .pipeline()
        .rpush(WAITING, "resize photo 1")
        .rpush(WAITING, ["resize photo 2", "send mail"])
        .execute()
        .await?;
    println!("the list had {first} and then {second} jobs");

    let done = worker.await.expect("the worker does not panic")?;
    assert_eq!(done, ["resize photo 1", "resize photo 2", "send mail"]);
    assert_eq!(client.llen(WORKING).await?, 0);
    Ok(())
}
