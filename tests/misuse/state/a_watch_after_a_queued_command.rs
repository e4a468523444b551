use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let queue = client.pipeline().incr("hits");
    let tx = queue.watch("key").await?; //~ ERROR `watch` must come before `multi` and before the first queued command
    drop(tx);
    Ok(())
}

fn main() {}
