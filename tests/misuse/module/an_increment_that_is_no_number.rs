use typedis::{key::CountMinSketch, prelude::*, Client, Key};

const SOLD: Key<CountMinSketch<String>> = Key::new("sold");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.cms_incrby(SOLD, ("pear", "5")).await?; //~ ERROR `&str` is not an increment
    //~^ HELP the item comes before its increment
    Ok(())
}

fn main() {}
