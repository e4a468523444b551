use typedis::{Client, commands::replication::FailoverOptions, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.failover_with(FailoverOptions::new().to("replica", 6379).timeout(500).force()).await?;
    Ok(())
}

fn main() {}
