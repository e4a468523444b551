#![deny(unused_must_use)]

use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.pipeline().watch("a").await?.multi().incr("a").execute().await?; //~ ERROR unused `Outcome` that must be used
    //~^ HELP a conflict means that nothing was executed
    Ok(())
}

fn main() {}
