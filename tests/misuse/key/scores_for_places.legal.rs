use typedis::{commands::geo::Position, key::Geo, prelude::*, Client, Key};

const TOWNS: Key<Geo<String>> = Key::new("towns");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.geoadd(TOWNS, (Position::new(13.36, 38.12), "Palermo")).await?;
    client.zrem(TOWNS, "Palermo").await?;
    Ok(())
}

fn main() {}
