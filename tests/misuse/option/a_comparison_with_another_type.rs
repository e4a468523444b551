use typedis::{key::Str, options::SetOptions, prelude::*, Client, Key};

const HITS: Key<Str<i64>> = Key::new("hits");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.set_with(HITS, 1, SetOptions::new().ifeq("none")).await?; //~ ERROR a `&str` cannot be stored where a `i64` is read
    //~^ HELP reads back
    Ok(())
}

fn main() {}
