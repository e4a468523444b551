use typedis::{key::Str, prelude::*, Client, Key};

const SEQUENCE: Key<Str<i64>> = Key::new("sequence");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.lpush(SEQUENCE, 5).await?; //~ ERROR this key holds a `typedis::key::Str<i64>`, and the command needs a `typedis::key::List<
    Ok(())
}

fn main() {}
