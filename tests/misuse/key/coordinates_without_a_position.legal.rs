use typedis::{commands::geo::Position, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.geoadd("towns", (Position::new(13.36, 38.12), "Palermo")).await?;
    Ok(())
}

fn main() {}
