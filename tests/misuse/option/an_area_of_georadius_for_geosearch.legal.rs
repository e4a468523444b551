use typedis::{commands::geo::{GeosearchOptions, Kilometers}, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let near = GeosearchOptions::frommember("Palermo").byradius(Kilometers(200.0));
    let _: Vec<String> = client.geosearch("towns", near).await?;
    Ok(())
}

fn main() {}
