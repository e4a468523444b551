use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let tx = client.pipeline().watch("a").await?;
    let queue = tx.multi().incr("a");
    let again = tx.multi().incr("b"); //~ ERROR use of moved value: `tx`
    drop((queue, again));
    Ok(())
}

fn main() {}
