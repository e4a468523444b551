use typedis::{options::ZaddOptions, prelude::*, version::Redis6_0, Client};

pub async fn example(client: &Client<Redis6_0>) -> typedis::Result<()> {
    client.zadd_with("a", (1, "b"), ZaddOptions::new().gt()).await?; //~ ERROR `Gt` came with `Redis6_2`, and this client declares `Redis6_0`
    //~^ HELP compare the scores in a `Script`, or behind a `watch`
    //~| HELP or declare other servers where the client is made
    Ok(())
}

fn main() {}
