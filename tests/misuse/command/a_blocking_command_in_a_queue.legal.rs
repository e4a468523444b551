use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let job = client.blpop::<String>("jobs", 1.0).await?;
    let queue = client.pipeline().incr("a").lpop::<String>("jobs");
    println!("{job:?} {queue:?}");
    Ok(())
}

fn main() {}
