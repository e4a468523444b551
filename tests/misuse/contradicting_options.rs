use typedis::{Client, SetOptions, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let options = SetOptions::new().nx().xx(); //~ ERROR this option was given already, or contradicts one that was
    client.set_with("a", 1, options).await?;
    Ok(())
}

fn main() {}
