use typedis::{commands::geo::{GeoradiusOptions, Kilometers}, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let near = GeoradiusOptions::new(Kilometers(200.0));
    let _: Vec<String> = client.geosearch("towns", near).await?; //~ ERROR GEOSEARCH needs an area with its center, and this one is `Radius<Kilometers>`
    //~^ HELP begin with `GeosearchOptions::frommember(..)`
    Ok(())
}

fn main() {}
