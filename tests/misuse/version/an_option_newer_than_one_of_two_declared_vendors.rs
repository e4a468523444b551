use typedis::{options::SetOptions, prelude::*, version::{Redis8_4, Valkey8_0}, Client};

pub async fn example(client: &Client<(Redis8_4, Valkey8_0)>) -> typedis::Result<()> {
    client.set_with("a", 1, SetOptions::new().ifeq(0)).await?; //~ ERROR `IfEq` came with `Redis8_4` and `Valkey8_1`, and this client declares `(Redis8_4, Valkey8_0)`
    //~^ HELP compare the value in a `Script`, or behind a `watch`
    Ok(())
}

fn main() {}
