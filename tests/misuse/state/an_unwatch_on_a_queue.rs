use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let queue = client.pipeline().watch("a").await?.multi().incr("a");
    let idle = queue.unwatch().await; //~ ERROR `unwatch` is for a pipeline that watches keys
    //~^ HELP a queue is given up by `discard()`
    drop(idle);
    Ok(())
}

fn main() {}
