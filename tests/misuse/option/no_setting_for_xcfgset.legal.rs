use typedis::{Client, commands::stream::XcfgsetOptions, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.xcfgset("a", XcfgsetOptions::new().idmp_duration(60)).await?;
    Ok(())
}

fn main() {}
