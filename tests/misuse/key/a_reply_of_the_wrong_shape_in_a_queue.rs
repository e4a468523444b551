use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let queue = client.pipeline().keys::<i64>("*"); //~ ERROR `i64` cannot be read from a reply of the shape
    let hlist_pat![keys] = queue.execute().await?; //~ ERROR `i64` cannot be read from a reply of the shape
    println!("{keys}");
    Ok(())
}

fn main() {}
