use typedis::{options::ZrangeOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.zrange_with::<String, _>("a", ZrangeOptions::index(0, -1).limit(0, 10)).await?; //~ ERROR LIMIT needs a range of scores or members, and this one is `ByIndex`
    //~^ HELP begin with `ZrangeOptions::byscore(..)`
    //~| AT limit
    Ok(())
}

fn main() {}
