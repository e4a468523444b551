use typedis::Client;

pub async fn example(client: &Client) -> typedis::Result<()> {
    let queue = client.pipeline().multi();
    let tx = queue.watch("key").await?; //~ ERROR `watch` must come before `multi`
    //~^ HELP call `watch(keys)` first, read, then `multi()`
    drop(tx);
    Ok(())
}

fn main() {}
