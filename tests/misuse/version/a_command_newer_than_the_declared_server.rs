use typedis::{options::Side, prelude::*, version::Redis6_2, Client};

pub async fn example(client: &Client<Redis6_2>) -> typedis::Result<()> {
    client.lmpop::<String>("a", Side::Left).await?; //~ ERROR `Lmpop<std::string::String>` came with `Redis7_0`, and this client declares `Redis6_2`
    //~^ HELP declare a newer server where the client is made
    //~| AT lmpop
    Ok(())
}

fn main() {}
