use typedis::{key::BloomFilter, prelude::*, Client, Key};

const SEEN: Key<BloomFilter<i64>> = Key::new("seen");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.cf_add(SEEN, 7).await?; //~ ERROR this key holds a `typedis::key::BloomFilter<i64>`, and the command needs a `typedis::key::CuckooFilter<
    Ok(())
}

fn main() {}
