use typedis::{
    Client,
    commands::stream::{Trim, XaddOptions},
    prelude::*,
    version::Redis7_0,
};

pub async fn example(client: &Client<Redis7_0>) -> typedis::Result<()> {
    client.xadd_with("a", ("f", 1), XaddOptions::new().trim(Trim::maxlen(1000))).await?;
    Ok(())
}

fn main() {}
