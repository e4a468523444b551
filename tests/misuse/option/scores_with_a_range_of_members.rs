use typedis::{options::ZrangeOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.zrange_with::<String, _>("a", ZrangeOptions::bylex("a".."c").withscores()).await?; //~ ERROR WITHSCORES needs a range of positions or scores, and this one is `ByLex`
    //~^ HELP begin with `ZrangeOptions::index(..)`
    //~| AT withscores
    Ok(())
}

fn main() {}
