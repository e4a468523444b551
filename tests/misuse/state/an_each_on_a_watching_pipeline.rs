use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let tx = client.pipeline().watch("a").await?;
    let queue = tx.each(["a", "b"], |p, key| p.incr(key)); //~ ERROR nothing can be queued on a pipeline that is `Watching`
    //~^ HELP call `multi()` first
    drop(queue);
    Ok(())
}

fn main() {}
