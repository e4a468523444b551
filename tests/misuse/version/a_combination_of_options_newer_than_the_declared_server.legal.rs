use typedis::{options::SetOptions, prelude::*, version::Redis6_2, Client};

pub async fn example(client: &Client<Redis6_2>) -> typedis::Result<()> {
    client.set_with("a", 1, SetOptions::new().xx().get::<String>()).await?;
    Ok(())
}

fn main() {}
