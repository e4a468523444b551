use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let tx = client.pipeline().watch("a").await?;
    let a = tx.get::<i64>("a").await?; //~ ERROR cannot borrow `tx` as mutable
    println!("{a:?}");
    Ok(())
}

fn main() {}
