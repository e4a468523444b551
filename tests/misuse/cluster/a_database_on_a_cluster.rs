use typedis::{ClusterClient, pipeline, prelude::*};

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    client.select(1).await?; //~ ERROR `typedis::commands::types::Select` would change a connection that others share
    //~^ HELP set once, in the URL or by `typedis::Config`
    pipeline! { client => incr("a"); select(1) }?; //~ ERROR `typedis::commands::types::Select` would change a connection that others share
    Ok(())
}

fn main() {}
