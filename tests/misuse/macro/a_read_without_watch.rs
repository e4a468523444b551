use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        let now = get::<i64>("key")?.unwrap_or(0); //~ ERROR `get` would run at once, which needs `watch` first
        //~^ AT get
        multi();
        set("key", now + 1);
    }?;
    Ok(())
}

fn main() {}
