use typedis::{prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.json_get_paths::<f64>("cart", "$.total").await?; //~ ERROR `&str` is not made of JSON paths
    Ok(())
}

fn main() {}
