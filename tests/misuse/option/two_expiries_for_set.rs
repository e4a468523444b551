use typedis::{options::SetOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.set_with("a", 1, SetOptions::new().ex(60).keepttl()).await?; //~ ERROR this option contradicts `Ex`, which was given before it
    //~^ HELP one expiry
    //~| AT keepttl
    Ok(())
}

fn main() {}
