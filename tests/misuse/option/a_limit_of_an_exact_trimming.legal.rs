use typedis::{Client, commands::stream::Trim, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.xtrim("a", Trim::maxlen(1000).approximate().limit(100)).await?;
    Ok(())
}

fn main() {}
