use typedis::{options::ExpireOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.expire_with("a", 60, ExpireOptions::new().xx().gt()).await?;
    Ok(())
}

fn main() {}
