use typedis::{key::Str, prelude::*, Client, Key};

const NAME: Key<Str<String>> = Key::new("name");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.append(NAME, "text").await?;
    Ok(())
}

fn main() {}
