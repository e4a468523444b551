use typedis::{options::ZaddOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.zadd_with("a", (1, "b"), ZaddOptions::new().xx().lt().ch()).await?;
    Ok(())
}

fn main() {}
