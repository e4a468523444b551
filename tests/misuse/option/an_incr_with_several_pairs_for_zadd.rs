use typedis::{options::ZaddOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.zadd_with("a", [(1, "b"), (2, "c")], ZaddOptions::new().incr()).await?; //~ ERROR ZADD with INCR takes one pair of score and member
    //~^ HELP leave out `.incr()`
    //~| REPEATS at the whole call, since 1.97
    Ok(())
}

fn main() {}
