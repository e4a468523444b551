use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let queue = client.pipeline().multi().incr("a");
    let again = queue.incr("b");
    drop(again);
    Ok(())
}

fn main() {}
