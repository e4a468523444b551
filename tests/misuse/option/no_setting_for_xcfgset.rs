use typedis::{Client, commands::stream::XcfgsetOptions, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.xcfgset("a", XcfgsetOptions::new()).await?; //~ ERROR XCFGSET needs at least one setting
    //~^ HELP write `XcfgsetOptions::new().idmp_duration(seconds)`
    Ok(())
}

fn main() {}
