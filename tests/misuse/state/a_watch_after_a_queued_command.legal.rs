use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let tx = client.pipeline().watch("key").await?;
    let queue = tx.multi().incr("hits");
    drop(queue);
    Ok(())
}

fn main() {}
