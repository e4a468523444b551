use typedis::{Client, commands::stream::XaddOptions, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let options = XaddOptions::new().idmp("producer", "42");
    client.xadd_with("a", ("f", 1), options).await?;
    Ok(())
}

fn main() {}
