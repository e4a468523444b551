use typedis::{options::SetOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let options = SetOptions::new().nx().ex(60);
    client.set_with("a", 1, options).await?;
    Ok(())
}

fn main() {}
