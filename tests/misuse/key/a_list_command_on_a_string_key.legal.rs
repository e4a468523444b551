use typedis::{key::{List, Str}, prelude::*, Client, Key};

const SEQUENCE: Key<Str<i64>> = Key::new("sequence");
const QUEUE: Key<List<i64>> = Key::new("queue");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.set(SEQUENCE, 5).await?;
    client.lpush(QUEUE, 5).await?;
    Ok(())
}

fn main() {}
