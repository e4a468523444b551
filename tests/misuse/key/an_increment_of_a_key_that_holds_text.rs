use typedis::{key::Str, prelude::*, Client, Key};

const NAME: Key<Str<String>> = Key::new("name");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.incr(NAME).await?; //~ ERROR an `i64` cannot be added to a `std::string::String`
    Ok(())
}

fn main() {}
