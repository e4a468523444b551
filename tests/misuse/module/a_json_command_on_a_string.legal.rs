use typedis::{key::Str, prelude::*, Client, Key};

const HITS: Key<Str<i64>> = Key::new("hits");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.incrby(HITS, 1).await?;
    Ok(())
}

fn main() {}
