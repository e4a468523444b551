use typedis::{ClientOn, prelude::*, topology::Topology};

pub async fn example<T: Topology>(client: &ClientOn<T>) -> typedis::Result<()> {
    client.pipeline().incr("a").execute().await?;
    Ok(())
}

fn main() {}
