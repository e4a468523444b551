use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let tx = client.pipeline().watch("a").await?;
    let queue = tx.multi().each(["a", "b"], |p, key| p.incr(key));
    drop(queue);
    Ok(())
}

fn main() {}
