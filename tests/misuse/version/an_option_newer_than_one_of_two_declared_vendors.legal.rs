use typedis::{options::SetOptions, prelude::*, version::{Redis8_4, Valkey8_1}, Client};

pub async fn example(client: &Client<(Redis8_4, Valkey8_1)>) -> typedis::Result<()> {
    client.set_with("a", 1, SetOptions::new().ifeq(0)).await?;
    Ok(())
}

fn main() {}
