use typedis::{
    Client,
    commands::stream::{Trim, XaddOptions},
    options::flag::DelRef,
    prelude::*,
    version::Redis7_0,
};

pub async fn example(client: &Client<Redis7_0>) -> typedis::Result<()> {
    let trim = Trim::maxlen(1000).references(DelRef);
    client.xadd_with("a", ("f", 1), XaddOptions::new().trim(trim)).await?; //~ ERROR no Valkey has `DelRef`, which came with `Redis8_2`, and this client declares `Redis7_0`
    //~^ HELP declare Redis alone where the client is made
    Ok(())
}

fn main() {}
