use typedis::{key::BloomFilter, prelude::*, Client, Key};

const SEEN: Key<BloomFilter<i64>> = Key::new("seen");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.bf_add(SEEN, 7).await?;
    Ok(())
}

fn main() {}
