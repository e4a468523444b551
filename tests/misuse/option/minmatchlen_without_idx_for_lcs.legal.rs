use typedis::{options::LcsOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.lcs_with("a", "b", LcsOptions::idx().minmatchlen(4)).await?;
    Ok(())
}

fn main() {}
