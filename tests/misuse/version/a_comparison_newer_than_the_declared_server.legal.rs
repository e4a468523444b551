use typedis::{options::ZaddOptions, prelude::*, version::Redis6_0, Client};

pub async fn example(client: &Client<Redis6_0>) -> typedis::Result<()> {
    client.zadd_with("a", (1, "b"), ZaddOptions::new().nx()).await?;
    Ok(())
}

fn main() {}
