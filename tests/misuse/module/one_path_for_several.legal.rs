use typedis::{prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.json_get_paths::<f64>("cart", ["$.total", "$.tax"]).await?;
    Ok(())
}

fn main() {}
