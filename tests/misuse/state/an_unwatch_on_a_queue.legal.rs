use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let queue = client.pipeline().watch("a").await?.multi().incr("a");
    let idle = queue.discard().await;
    drop(idle);
    Ok(())
}

fn main() {}
