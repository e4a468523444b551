use typedis::{key::Str, options::SetOptions, prelude::*, Client, Key};

const HITS: Key<Str<i64>> = Key::new("hits");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.set_with(HITS, 1, SetOptions::new().ifeq(0)).await?;
   
    Ok(())
}

fn main() {}
