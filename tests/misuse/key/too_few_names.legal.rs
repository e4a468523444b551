use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let hlist_pat![a, b] = client.pipeline().incr("a").incr("b").execute().await?;
    println!("{a} {b}");
    Ok(())
}

fn main() {}
