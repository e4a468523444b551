use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let idle = client.pipeline();
    let replies = idle.incr("a").execute().await?;
    println!("{replies:?}");
    Ok(())
}

fn main() {}
