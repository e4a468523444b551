//! Commands of your own, declared by rows and used like those of typedis: `cargo run --example own_command`.

use typedis::{Client, key::need::AnyKind, pipeline, prelude::*};
use typedis_testing::demo_server;

typedis::commands! {
    /// Commands that this application adds.
    pub trait BitCommands in bits;

    /// Sets the bit at `offset` and returns its old value.
    fn setbit(key @ AnyKind, offset: u32, bit: bool) -> Flag as bool
        = "SETBIT" as Setbit {
            since: redis "2.2.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Returns the number of bits that are 1.
    fn bitcount(key @ AnyKind) -> Integer as u64
        = "BITCOUNT" as Bitcount {
            since: redis "2.6.0", arity: -2, access: ReadOnly, effect: Preserves
        };
}

#[tokio::main]
async fn main() -> typedis::Result<()> {
    let server = demo_server().await;
    let client = Client::connect(server.url()).await?;
    client.del("example:bits").await?;

    // On a client, ..
    assert!(!client.setbit("example:bits", 7, true).await?);

    // .. in a queue, ..
    let hlist_pat![before, count] =
        client.pipeline().setbit("example:bits", 3, true).bitcount("example:bits").execute().await?;
    assert_eq!((before, count), (false, 2));

    // .. while watching, and in the macro.
    let (before, count) = pipeline! { client =>
        watch("example:bits");
        let count = bitcount("example:bits")?;
        multi();
        setbit("example:bits", count as u32, true);
        bitcount("example:bits");
    }?;
    println!("bit 2 was {before}; now {count} bits are 1");
    assert_eq!((before, count), (false, 3));
    Ok(())
}
