use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let first = client.pipeline().incr("a").execute().await?;
    let second = client.pipeline().incr("a").execute().await?;
    println!("{first:?} {second:?}");
    Ok(())
}

fn main() {}
