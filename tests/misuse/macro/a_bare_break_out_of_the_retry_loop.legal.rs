use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    'outer: loop {
        pipeline! { client =>
            watch("key");
            if get::<i64>("key").await?.is_none() { break 'outer }
            multi();
            incr("key");
        }?;
    }
    Ok(())
}

fn main() {}
