use typedis::{key::KeyType, options::ScanOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.hscan_with::<String, String>("a", 0, ScanOptions::new().of_type(&KeyType::List)).await?; //~ ERROR mismatched types
    //~^ HELP expected `ScanOptions<'_>`, found `KeyScanOptions<'_>`
    Ok(())
}

fn main() {}
