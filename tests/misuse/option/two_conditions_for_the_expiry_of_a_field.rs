use typedis::{options::ExpireOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.hexpire_with("session", 60, "token", ExpireOptions::new().xx().gt()).await?; //~ ERROR the expiry of a field or member takes one condition
    //~^ HELP HEXPIRE and SEXPIRE one of them
    Ok(())
}

fn main() {}
