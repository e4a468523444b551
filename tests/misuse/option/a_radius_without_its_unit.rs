use typedis::{commands::geo::GeosearchOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let near = GeosearchOptions::frommember("Palermo").byradius(200.0); //~ ERROR `{float}` is not a distance
    //~^ HELP write it as `Meters(500.0)`
    let _: Vec<String> = client.geosearch("towns", near).await?;
    Ok(())
}

fn main() {}
