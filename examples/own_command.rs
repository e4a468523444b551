//! Commands of your own, declared by rows and used like those of typedis: `cargo run --example own_command`.

use typedis::{Client, key::Bitmap, pipeline, prelude::*};
use typedis_testing::demo_server;

typedis::commands! {
    /// Commands that this application adds: forms of SETBIT and BITCOUNT that say what a bit means here.
    pub trait VisitCommands in visits;

    /// Marks the visit of `user` and returns whether it was marked already.
    fn mark_visit(key @ Bitmap, user: u32) -> Flag as bool
        = "SETBIT" (&key, &user, 1) as MarkVisit {
            since: redis "2.2.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Returns the number of users whose visit is marked.
    fn visitors(key @ Bitmap) -> Integer as u64
        = "BITCOUNT" as Visitors {
            since: redis "2.6.0", arity: -2, access: ReadOnly, effect: Preserves
        };
}

#[tokio::main]
async fn main() -> typedis::Result<()> {
    let server = demo_server().await;
    let client = Client::connect(server.url()).await?;
    client.del("example:visits").await?;

    // On a client, ..
    assert!(!client.mark_visit("example:visits", 7).await?);

    // .. in a queue, ..
    let hlist_pat![before, count] =
        client.pipeline().mark_visit("example:visits", 3).visitors("example:visits").execute().await?;
    assert_eq!((before, count), (false, 2));

    // .. while watching, and in the macro.
    let (before, count) = pipeline! { client =>
        watch("example:visits");
        let count = visitors("example:visits")?;
        multi();
        mark_visit("example:visits", count as u32);
        visitors("example:visits");
    }?;
    println!("user 2 had visited: {before}; now there are {count} visitors");
    assert_eq!((before, count), (false, 3));
    Ok(())
}
