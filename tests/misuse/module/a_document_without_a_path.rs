use typedis::{key::Json, prelude::*, Client, Key};

const TOTAL: Key<Json<f64>> = Key::new("total");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.json_mset([(TOTAL, 1.5)]).await?; //~ ERROR is not made of values with their keys and paths
    Ok(())
}

fn main() {}
