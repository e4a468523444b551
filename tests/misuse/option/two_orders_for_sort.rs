use typedis::{options::SortOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let _: Vec<i64> = client.sort_with("a", SortOptions::new().asc().desc()).await?; //~ ERROR this option contradicts `Asc`, which was given before it
    //~^ HELP one order
    //~| AT desc
    Ok(())
}

fn main() {}
