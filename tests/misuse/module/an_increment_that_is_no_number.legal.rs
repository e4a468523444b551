use typedis::{key::CountMinSketch, prelude::*, Client, Key};

const SOLD: Key<CountMinSketch<String>> = Key::new("sold");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.cms_incrby(SOLD, ("pear", 5)).await?;
    Ok(())
}

fn main() {}
