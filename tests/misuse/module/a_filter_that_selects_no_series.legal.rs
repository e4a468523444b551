use typedis::{commands::time_series::Filter, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.ts_mget(Filter::new().is("kind", "heat").is_not("room", "bath")).await?;
    Ok(())
}

fn main() {}
