use typedis::{Client, Retry, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let p = client.pipeline().retry_reads(Retry::new());
    p.each(["a", "b"], |p, key| p.strlen(key)).execute_each().await?;
    Ok(())
}

fn main() {}
