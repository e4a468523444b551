use typedis::{options::Side, prelude::*, version::Redis6_2, Client};

pub async fn example(client: &Client<Redis6_2>) -> typedis::Result<()> {
    let _ = Side::Left;
    client.lpop::<String>("a").await?;
    Ok(())
}

fn main() {}
