use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let queue = client.pipeline().incr("a").save(); //~ ERROR `Save` cannot be queued
    drop(queue);
    Ok(())
}

fn main() {}
