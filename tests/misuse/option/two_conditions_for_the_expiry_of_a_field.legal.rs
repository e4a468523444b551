use typedis::{options::ExpireOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.hexpire_with("session", 60, "token", ExpireOptions::new().gt()).await?;
    Ok(())
}

fn main() {}
