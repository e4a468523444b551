use typedis::{key::KeyType, options::ScanOptions, prelude::*, version::Redis5_0, Client};

pub async fn example(client: &Client<Redis5_0>) -> typedis::Result<()> {
    client.scan_with::<String>(0, ScanOptions::new().of_type(&KeyType::List)).await?; //~ ERROR `OfType` came with `Redis6_0`, and this client declares `Redis5_0`
    //~^ HELP ask for the type of each key by `type_of`
    Ok(())
}

fn main() {}
