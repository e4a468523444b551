use typedis::{Client, commands::stream::Trim, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.xtrim("a", Trim::maxlen(1000).limit(100)).await?; //~ ERROR LIMIT needs an approximate trimming, and this one is exact
    //~^ HELP write `.approximate()` before `.limit(..)`
    //~| AT limit
    Ok(())
}

fn main() {}
