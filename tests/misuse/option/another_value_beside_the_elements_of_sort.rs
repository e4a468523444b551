use typedis::{options::SortOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let _: Vec<i64> = client.sort_with("a", SortOptions::new().and_get::<String>("name:*")).await?; //~ ERROR `and_get` adds to what `SortOptions::get` began with
    //~^ HELP begin with `SortOptions::get`
    //~| AT and_get
    Ok(())
}

fn main() {}
