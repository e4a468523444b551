use typedis::{commands::geo::{GeosearchOptions, Kilometers}, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let near = GeosearchOptions::frommember("Palermo").byradius(Kilometers(200.0));
    client.geosearchstore_storedist("near", "towns", near).await?;
    Ok(())
}

fn main() {}
