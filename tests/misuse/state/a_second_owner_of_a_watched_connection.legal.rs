use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let tx = client.pipeline().watch("a").await?;
    let queue = tx.multi().incr("a").incr("b");
    drop(queue);
    Ok(())
}

fn main() {}
