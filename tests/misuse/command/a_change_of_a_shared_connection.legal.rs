use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let third = Client::connect("redis://localhost/3").await?;
    client.set("a", 1).await?;
    drop(third);
    Ok(())
}

fn main() {}
