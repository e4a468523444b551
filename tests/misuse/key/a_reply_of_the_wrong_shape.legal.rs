use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let keys = client.keys::<Vec<i64>>("*").await?;
    println!("{keys:?}");
    Ok(())
}

fn main() {}
