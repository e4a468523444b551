use typedis::{options::SetOptions, prelude::*, version::Redis6_0, Client};

pub async fn example(client: &Client<Redis6_0>) -> typedis::Result<()> {
    client.set_with("a", 1, SetOptions::new().nx().exat(2_000_000_000)).await?; //~ ERROR `ExAt` came with `Redis6_2`, and this client declares `Redis6_0`
    //~^ HELP use `ex` with the seconds that are left until then
    Ok(())
}

fn main() {}
