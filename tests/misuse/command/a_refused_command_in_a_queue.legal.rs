use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let queue = client.pipeline().incr("a");
    client.save().await?;
    drop(queue);
    Ok(())
}

fn main() {}
