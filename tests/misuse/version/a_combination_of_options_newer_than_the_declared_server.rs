use typedis::{options::SetOptions, prelude::*, version::Redis6_2, Client};

pub async fn example(client: &Client<Redis6_2>) -> typedis::Result<()> {
    client.set_with("a", 1, SetOptions::new().nx().get::<String>()).await?; //~ ERROR `NxWithGet` came with `Redis7_0`, and this client declares `Redis6_2`
    //~^ HELP declare a newer server where the client is made
    Ok(())
}

fn main() {}
