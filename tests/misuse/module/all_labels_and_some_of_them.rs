use typedis::{commands::time_series::{Filter, MgetOptions}, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let options = MgetOptions::new().withlabels();
    let options = options.selected_labels(["room"]); //~ ERROR this option contradicts `WithLabels`, which was given before it
    client.ts_mget_with(Filter::new().is("kind", "heat"), options).await?;
    Ok(())
}

fn main() {}
