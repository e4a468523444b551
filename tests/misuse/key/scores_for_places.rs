use typedis::{commands::geo::Position, key::Geo, prelude::*, Client, Key};

const TOWNS: Key<Geo<String>> = Key::new("towns");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.zadd(TOWNS, (1.5, "Palermo")).await?; //~ ERROR this key holds a `Geo<std::string::String>`, and the command needs a `typedis::key::SortedSet<
    client.geoadd(TOWNS, (Position::new(13.36, 38.12), "Palermo")).await?;
    Ok(())
}

fn main() {}
