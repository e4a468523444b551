use typedis::{options::SortOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.sort_with("a", SortOptions::get::<i64>("#").and_get::<String>("name:*")).await?;
    Ok(())
}

fn main() {}
