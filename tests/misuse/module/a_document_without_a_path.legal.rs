use typedis::{key::Json, prelude::*, Client, Key};

const TOTAL: Key<Json<f64>> = Key::new("total");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.json_mset([(TOTAL, "$", 1.5)]).await?;
    Ok(())
}

fn main() {}
