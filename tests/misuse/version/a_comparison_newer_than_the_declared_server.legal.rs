use typedis::{Client, Redis6_0, ZaddOptions, prelude::*};

pub async fn example(client: &Client<Redis6_0>) -> typedis::Result<()> {
    client.zadd_with("a", (1, "b"), ZaddOptions::new().nx()).await?;
    Ok(())
}

fn main() {}
