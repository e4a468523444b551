use typedis::{Client, Retry, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let tx = client.pipeline().watch("a").await?;
    tx.multi().get::<String>("a").retry_reads(Retry::new()).execute().await?; //~ ERROR commands that are sent as `Watched` cannot be sent again
    //~^ HELP with the connection its watch is gone
    //~| AT retry_reads
    Ok(())
}

fn main() {}
