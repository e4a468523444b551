use typedis::{key::KeyType, options::ScanOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let _ = KeyType::List;
    client.hscan_with::<String, String>("a", 0, ScanOptions::new().count(100)).await?;
    Ok(())
}

fn main() {}
