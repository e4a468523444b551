//! The example of the README: the README shows it as it stands here, and it runs.

use typedis::{Client, Outcome, pipeline, prelude::*};

async fn example(client: &Client) -> typedis::Result<()> {
    // Buffered commands in, one typed tuple out. One write, one atomic MULTI/EXEC, one read.
    let (flushed, foo, bar, keys) = pipeline! { client =>
        flushdb();
        set("foo", "bar");
        set("bar", "foo");
        keys::<Vec<String>>("*");
    }?; // awaits inside, as `tokio::join!` does
    assert_eq!((flushed, foo, bar, keys.len()), ((), (), (), 2));

    // WATCH: reads run at once until `multi()`, then commands are buffered again.
    loop {
        let mut tx = client.pipeline().watch("OUR-SEQUENCE-KEY").await?; // Pipeline<Watching>
        let current = tx.get::<i64>("OUR-SEQUENCE-KEY").await?.unwrap_or(0); // a value, now
        match tx.multi().set("OUR-SEQUENCE-KEY", current + 1).execute().await? {
            Outcome::Committed(hlist_pat![()]) => break,
            Outcome::Conflict => continue, // another client wrote the key first
        }
    }

    // The same, tried again by itself. `?` and `return` are your own.
    pipeline! { client =>
        watch("OUR-SEQUENCE-KEY");
        let current = get::<i64>("OUR-SEQUENCE-KEY")?.unwrap_or(0);
        multi();
        set("OUR-SEQUENCE-KEY", current + 1);
    }?;
    assert_eq!(client.get::<i64>("OUR-SEQUENCE-KEY").await?, Some(2));
    Ok(())
}

#[tokio::test]
async fn the_example_of_the_readme_runs() {
    let server = typedis_testing::Server::start().await;
    example(&Client::connect(&server.url()).await.unwrap()).await.unwrap();
}

#[test]
fn the_readme_shows_this_example() {
    let readme = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));
    let (_, rest) = readme.split_once("```rust\n").expect("a block of Rust");
    let (example, rest) = rest.split_once("```").expect("the end of the block");
    assert!(include_str!("readme.rs").contains(example), "the block differs from tests/it/readme.rs");
    assert!(!rest.contains("```rust"), "this test knows one block");
}
