use typedis::{commands::Digest, options::SetOptions, prelude::*, version::Redis8_4, Client};

pub async fn example(client: &Client<Redis8_4>) -> typedis::Result<()> {
    client.set_with("a", 1, SetOptions::new().ifdeq(Digest(0xf34099ede96b5581))).await?;
    Ok(())
}

fn main() {}
