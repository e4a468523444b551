use typedis::{options::SetOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.set_with("a", 1, SetOptions::new().ifeq(2)).await?;
   
   
    Ok(())
}

fn main() {}
