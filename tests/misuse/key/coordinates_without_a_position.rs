use typedis::{prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.geoadd("towns", (13.36, 38.12, "Palermo")).await?; //~ ERROR `({float}, {float}, &str)` is not made of places
    //~^ HELP write it as `(Position::new(longitude, latitude), "member")`
    Ok(())
}

fn main() {}
