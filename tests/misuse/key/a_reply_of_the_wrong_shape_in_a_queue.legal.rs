use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let queue = client.pipeline().keys::<Vec<i64>>("*");
    let hlist_pat![keys] = queue.execute().await?;
    println!("{keys:?}");
    Ok(())
}

fn main() {}
