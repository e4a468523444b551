use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let queue = client.pipeline().incr("a");
    let first = queue.execute().await?;
    let second = queue.execute().await?; //~ ERROR use of moved value: `queue`
    println!("{first:?} {second:?}");
    Ok(())
}

fn main() {}
