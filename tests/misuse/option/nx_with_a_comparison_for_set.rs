use typedis::{options::SetOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.set_with("a", 1, SetOptions::new().nx().ifeq(2)).await?; //~ ERROR this option contradicts `Nx`, which was given before it
    //~^ HELP NX or XX
    //~| AT ifeq
    Ok(())
}

fn main() {}
