use typedis::{key::Str, prelude::*, Client, Key};

const SEQUENCE: Key<Str<i64>> = Key::new("sequence");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.set(SEQUENCE, "text").await?; //~ ERROR a `str` cannot be stored where a `i64` is read
    //~^ HELP pass a value that reads back as `i64`
    Ok(())
}

fn main() {}
