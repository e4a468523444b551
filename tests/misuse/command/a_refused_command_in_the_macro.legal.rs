use typedis::{Client, pipeline, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.save().await?;
    pipeline! { client => bgsave() }?;
    Ok(())
}

fn main() {}
