use typedis::{
    Client,
    commands::stream::{StreamId, XaddOptions},
    prelude::*,
};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let options = XaddOptions::new().idmp("producer", "42").id(StreamId::new(5, 1)); //~ ERROR this option contradicts `Idmp`, which was given before it
    //~^ HELP of options that exclude each other, give one
    //~| AT id
    client.xadd_with("a", ("f", 1), options).await?;
    Ok(())
}

fn main() {}
