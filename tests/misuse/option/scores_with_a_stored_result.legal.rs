use typedis::{options::CombineOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.zunionstore_with("c", ["a", "b"], CombineOptions::new().weights([1, 2])).await?;
    Ok(())
}

fn main() {}
