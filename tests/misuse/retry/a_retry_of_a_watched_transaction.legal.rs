use typedis::{Client, Retry, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.pipeline().get::<String>("a").retry_reads(Retry::new()).execute().await?;
    Ok(())
}

fn main() {}
