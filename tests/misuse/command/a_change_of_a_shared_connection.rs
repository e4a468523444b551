use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.select(3).await?; //~ ERROR `typedis::commands::types::Select` would change a connection that others share
    //~^ HELP set once, in the URL or by `typedis::Config`
    Ok(())
}

fn main() {}
