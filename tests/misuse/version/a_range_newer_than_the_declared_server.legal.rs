use typedis::{options::ZrangeOptions, prelude::*, version::Redis6_0, Client};

pub async fn example(client: &Client<Redis6_0>) -> typedis::Result<()> {
    client.zrange_with::<String, _>("a", ZrangeOptions::index(0, -1)).await?;
    Ok(())
}

fn main() {}
