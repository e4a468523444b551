use typedis::{key::Str, prelude::*, Client, Key};

const HITS: Key<Str<i64>> = Key::new("hits");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.json_numincrby(HITS, "$", 1).await?; //~ ERROR this key holds a `typedis::key::Str<i64>`, and the command needs a `typedis::key::Json<
    Ok(())
}

fn main() {}
