use typedis::{commands::time_series::Now, key::{SortedSet, TimeSeries}, prelude::*, Client, Key};

const HEAT: Key<SortedSet<i64>> = Key::new("heat");
const KITCHEN: Key<TimeSeries> = Key::new("kitchen");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.ts_add(HEAT, Now, 19.5).await?; //~ ERROR this key holds a `typedis::key::SortedSet<i64>`, and the command needs a `typedis::key::TimeSeries`
    client.zadd(KITCHEN, (19.5, 7)).await?; //~ ERROR this key holds a `typedis::key::TimeSeries`, and the command needs a `typedis::key::SortedSet<
    Ok(())
}

fn main() {}
