use typedis::{key::TimeSeries, prelude::*, Client, Key};

const HEAT: Key<TimeSeries> = Key::new("heat");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.ts_madd([(HEAT, 1000, 19.5)]).await?;
    Ok(())
}

fn main() {}
