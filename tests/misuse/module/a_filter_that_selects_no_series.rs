use typedis::{commands::time_series::Filter, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.ts_mget(Filter::new().is_not("room", "bath")).await?; //~ ERROR `typedis::commands::time_series::Filter` selects no series
    //~^ HELP the module needs a label and its value to begin with
    Ok(())
}

fn main() {}
