use typedis::{options::ExpireOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.expire_with("a", 60, ExpireOptions::new().nx().gt()).await?; //~ ERROR this option contradicts `Nx`, which was given before it
    //~^ HELP GT or LT
    //~| AT gt
    Ok(())
}

fn main() {}
