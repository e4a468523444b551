use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let mut tx = client.pipeline().watch("a").await?;
    let a = tx.get::<i64>("a").await?;
    println!("{a:?}");
    Ok(())
}

fn main() {}
