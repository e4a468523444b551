use typedis::{options::SetOptions, prelude::*, version::Redis6_0, Client};

pub async fn example(client: &Client<Redis6_0>) -> typedis::Result<()> {
    client.set_with("a", 1, SetOptions::new().nx().keepttl()).await?;
    Ok(())
}

fn main() {}
