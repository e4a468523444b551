use typedis::{options::ZrangeOptions, prelude::*, version::Redis6_0, Client};

pub async fn example(client: &Client<Redis6_0>) -> typedis::Result<()> {
    client.zrange_with::<String, _>("a", ZrangeOptions::byscore(1..)).await?; //~ ERROR `ByScore` came with `Redis6_2`, and this client declares `Redis6_0`
    //~^ HELP use `zrangebyscore`
    Ok(())
}

fn main() {}
