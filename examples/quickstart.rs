//! All forms of pipelines in one run: `cargo run --example quickstart`.
//!
//! The example uses the server at `REDIS_URL`, or starts one of its own. It empties its database, so at `REDIS_URL`
//! that is database 15 unless the URL names one.

use std::sync::atomic::{AtomicU32, Ordering};
use typedis::{Client, Outcome, Result, pipeline, prelude::*};
use typedis_testing::demo_server;

static CONFLICTS: AtomicU32 = AtomicU32::new(0);

#[tokio::main]
async fn main() -> Result<()> {
    let server = demo_server().await;
    println!("server: {}\n", server.describe());
    let client = Client::connect(&database(server.url())).await?;

    by_macro(&client).await?;
    by_methods(&client).await?;
    by_watching(&client).await?;
    by_retrying(&client).await?;
    eight_tasks(&client).await?;

    println!("server: {}", server.describe());
    Ok(())
}

/// A. The macro: queued commands in, one typed tuple out.
async fn by_macro(client: &Client) -> Result<()> {
    let (flushed, first, second, keys) = pipeline! { client =>
        flushdb();
        set("foo", "bar");
        set("bar", "foo");
        keys::<Vec<String>>("*");
    }?;
    println!("A. the macro:            {:?}", (flushed, first, second, keys));

    let batch = pipeline! { set("foo", "bar"); keys::<Vec<String>>("*") };
    let ((), keys) = batch.execute(client).await?;
    println!("   prepared, run twice:  {:?} {:?}", keys, batch.execute(client).await?.1);
    Ok(())
}

/// B. The methods: a heterogeneous list out.
async fn by_methods(client: &Client) -> Result<()> {
    let hlist_pat![(), hits] = client.pipeline().set("foo", "bar").incr("hits").execute().await?;
    println!("B. the methods:          {:?}", ((), hits));
    Ok(())
}

/// C. WATCH: reads run at once until `multi()`, then commands are queued again.
async fn by_watching(client: &Client) -> Result<()> {
    loop {
        let mut tx = client.pipeline().watch("OUR-SEQUENCE-KEY").await?;
        let current = tx.get::<i64>("OUR-SEQUENCE-KEY").await?.unwrap_or(0);
        if current == 0 {
            // Another client comes first, so the first attempt conflicts.
            client.set("OUR-SEQUENCE-KEY", 10).await?;
        }
        match tx.multi().set("OUR-SEQUENCE-KEY", current + 1).execute().await? {
            Outcome::Committed(hlist_pat![()]) => break println!("C. watching:             committed {}", current + 1),
            Outcome::Conflict => println!("C. watching:             a conflict, once more"),
        }
    }
    Ok(())
}

/// D. The same with a built-in retry loop: as a call, and as the macro.
async fn by_retrying(client: &Client) -> Result<()> {
    client
        .transaction(["OUR-SEQUENCE-KEY"], async |mut tx| {
            let current = tx.get::<i64>("OUR-SEQUENCE-KEY").await?.unwrap_or(0);
            Ok(tx.multi().set("OUR-SEQUENCE-KEY", current + 1))
        })
        .await?;
    pipeline! { client =>
        watch("OUR-SEQUENCE-KEY");
        let current = get::<i64>("OUR-SEQUENCE-KEY")?.unwrap_or(0);
        multi();
        set("OUR-SEQUENCE-KEY", current + 1);
    }?;
    println!("D. retried as needed:    {:?}\n", client.get::<i64>("OUR-SEQUENCE-KEY").await?);
    Ok(())
}

/// Eight tasks each increment the same key a hundred times, by reading it and writing it back.
async fn eight_tasks(client: &Client) -> Result<()> {
    client.del("counter").await?;
    let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(add_a_hundred(client.clone()))).collect();
    for task in tasks {
        task.await.expect("no task panics")?;
    }
    let conflicts = CONFLICTS.load(Ordering::Relaxed);
    println!("eight tasks, 100 increments each: {:?}", client.get::<i64>("counter").await?.unwrap_or(0));
    println!("conflicts on the way: {conflicts}");
    Ok(())
}

async fn add_a_hundred(client: Client) -> Result<()> {
    for _ in 0..100 {
        let mut attempts = 0;
        pipeline! { &client =>
            watch("counter");
            attempts += 1;
            let current = get::<i64>("counter")?.unwrap_or(0);
            multi();
            set("counter", current + 1);
        }?;
        CONFLICTS.fetch_add(attempts - 1, Ordering::Relaxed);
    }
    Ok(())
}

/// Returns the URL, with database 15 if it names none.
fn database(url: &str) -> String {
    match url.strip_prefix("redis://") {
        Some(rest) if !rest.contains(['/', '?']) => format!("{url}/15"),
        _ => url.to_owned(),
    }
}
