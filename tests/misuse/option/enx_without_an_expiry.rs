use typedis::{options::IncrexOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.increx_with("calls", IncrexOptions::byint(1).ubound(10).enx()).await?; //~ ERROR ENX needs a time to set
    //~^ HELP write the expiry first
    //~| AT enx
    Ok(())
}

fn main() {}
