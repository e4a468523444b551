use typedis::{options::ZrangeOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.zrange_with::<String, _>("a", ZrangeOptions::index(0, 9).withscores()).await?;
    Ok(())
}

fn main() {}
