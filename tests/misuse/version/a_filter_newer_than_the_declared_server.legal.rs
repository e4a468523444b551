use typedis::{key::KeyType, options::ScanOptions, prelude::*, version::Redis5_0, Client};

pub async fn example(client: &Client<Redis5_0>) -> typedis::Result<()> {
    let _ = KeyType::List;
    client.scan_with::<String>(0, ScanOptions::new().count(100)).await?;
    Ok(())
}

fn main() {}
