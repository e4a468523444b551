use typedis::{commands::geo::{GeosearchOptions, Kilometers}, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let near = GeosearchOptions::frommember("Palermo").byradius(Kilometers(200.0));
    client.geosearchstore("near", "towns", near.withdist()).await?; //~ ERROR WITHDIST, WITHHASH and WITHCOORD do not go with a command that stores its result
    //~^ HELP leave them out
    Ok(())
}

fn main() {}
