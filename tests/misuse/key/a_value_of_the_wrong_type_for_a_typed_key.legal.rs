use typedis::{key::Str, prelude::*, Client, Key};

const SEQUENCE: Key<Str<i64>> = Key::new("sequence");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.set(SEQUENCE, 5).await?;
    Ok(())
}

fn main() {}
