use typedis::{options::ZrangeOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.zrange_with::<String, _>("a", ZrangeOptions::byscore(1..).limit(0, 10)).await?;
    Ok(())
}

fn main() {}
