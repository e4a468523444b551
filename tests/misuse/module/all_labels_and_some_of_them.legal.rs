use typedis::{commands::time_series::{Filter, MgetOptions}, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let options = MgetOptions::new().selected_labels(["room"]);
    client.ts_mget_with(Filter::new().is("kind", "heat"), options).await?;
    Ok(())
}

fn main() {}
