use typedis::{Client, Key, Str, prelude::*};

const SEQUENCE: Key<Str<i64>> = Key::new("sequence");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.lpush(SEQUENCE, 5).await?; //~ ERROR this key holds a `typedis::Str<i64>`, and the command needs a `typedis::List<
    Ok(())
}

fn main() {}
