use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        watch("key");
        multi();
        set("key", get::<i64>("key").await?.unwrap_or(0)); //~ ERROR `get` cannot run in here: read first
        //~^ AT get
    }?;
    Ok(())
}

fn main() {}
