use typedis::{key::TimeSeries, prelude::*, Client, Key};

const HEAT: Key<TimeSeries> = Key::new("heat");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.ts_madd([(HEAT, 19.5)]).await?; //~ ERROR is not made of samples with their keys
    Ok(())
}

fn main() {}
