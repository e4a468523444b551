use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let hlist_pat![a, b, c] = client.pipeline().incr("a").incr("b").execute().await?; //~ ERROR mismatched types
    //~^ LIST the list is what is taken apart, and rustc shows its type
    println!("{a} {b} {c}");
    Ok(())
}

fn main() {}
