use typedis::{commands::Digest, options::SetOptions, prelude::*, version::{Redis8_4, Valkey9_0}, Client};

pub async fn example(client: &Client<(Redis8_4, Valkey9_0)>) -> typedis::Result<()> {
    client.set_with("a", 1, SetOptions::new().ifdeq(Digest(0xf34099ede96b5581))).await?; //~ ERROR no Valkey has `IfDeq`, which came with `Redis8_4`, and this client declares `(Redis8_4, Valkey9_0)`
    //~^ HELP compare the value in a `Script`, or behind a `watch`
    Ok(())
}

fn main() {}
