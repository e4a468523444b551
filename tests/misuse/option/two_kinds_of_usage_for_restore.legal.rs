use typedis::{options::RestoreOptions, prelude::*, Client};

pub async fn example(client: &Client, dump: &[u8]) -> typedis::Result<()> {
    client.restore_with("a", 0, dump, RestoreOptions::new().replace().freq(5)).await?;
    Ok(())
}

fn main() {}
