use typedis::{options::ZaddOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.zadd_with("a", (1, "b"), ZaddOptions::new().incr()).await?;
    Ok(())
}

fn main() {}
