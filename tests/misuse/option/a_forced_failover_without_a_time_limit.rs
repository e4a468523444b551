use typedis::{Client, commands::replication::FailoverOptions, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.failover_with(FailoverOptions::new().to("replica", 6379).force()).await?; //~ ERROR FORCE needs a replica and a time limit
    //~^ HELP write these first
    //~| AT force
    Ok(())
}

fn main() {}
