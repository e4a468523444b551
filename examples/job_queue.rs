//! A job queue on two lists, which loses no job that a worker has begun: `cargo run --example job_queue`.

use frunk::hlist_pat; // the same pattern as `typedis::hlist_pat`, because the lists are frunk's own types
use typedis::{Client, Key, key::List, options::Side, prelude::*};
use typedis_testing::demo_server;

const WAITING: Key<List<String>> = Key::new("{example:jobs}:waiting");
const WORKING: Key<List<String>> = Key::new("{example:jobs}:working");

/// Moves jobs back that a worker took and did not finish, because it died or its future was dropped.
async fn put_back(client: &Client) -> typedis::Result<()> {
    while client.lmove(WORKING, WAITING, Side::Right, Side::Left).await?.is_some() {}
    Ok(())
}

/// Works on jobs until none has come for a second. A job stays in the second list meanwhile, so that it is never lost.
/// This worker is the only one of its second list, so jobs that it finds there at the start belong to no other worker.
async fn work(client: Client) -> typedis::Result<Vec<String>> {
    put_back(&client).await?;
    let mut done = Vec::new();
    // BLMOVE blocks, so it runs on a dedicated connection. In a queue it would not compile: MULTI does not wait.
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
