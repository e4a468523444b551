use typedis::{options::SortOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let _: Vec<i64> = client.sort_with("a", SortOptions::new().desc().alpha()).await?;
    Ok(())
}

fn main() {}
