#![deny(unused_must_use)]

use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.pipeline().incr("a").execute().await?;
    Ok(())
}

fn main() {}
