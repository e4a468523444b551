use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let batch = pipeline! { get::<i64>("key"); incr("key") };
    drop((batch, client));
    Ok(())
}

fn main() {}
