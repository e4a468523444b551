use typedis::{commands::time_series::Now, key::{SortedSet, TimeSeries}, prelude::*, Client, Key};

const HEAT: Key<SortedSet<i64>> = Key::new("heat");
const KITCHEN: Key<TimeSeries> = Key::new("kitchen");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.ts_add(KITCHEN, Now, 19.5).await?;
    client.zadd(HEAT, (19.5, 7)).await?;
    Ok(())
}

fn main() {}
