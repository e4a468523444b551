use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let hlist_pat![next] = client.pipeline().watch("a").await?.multi().incr("a").execute().await?; //~ ERROR mismatched types
    //~^ HELP expected `Outcome<HCons<i64, HNil>>`
    println!("{next}");
    Ok(())
}

fn main() {}
