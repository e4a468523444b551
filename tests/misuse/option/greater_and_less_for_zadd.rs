use typedis::{options::ZaddOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.zadd_with("a", (1, "b"), ZaddOptions::new().gt().lt()).await?; //~ ERROR this option contradicts `Gt`, which was given before it
    //~^ HELP GT or LT
    //~| AT lt
    Ok(())
}

fn main() {}
