use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let batch = pipeline! { get::<i64>("key"); incr("key") };
    batch.execute(client).await?;
    Ok(())
}

fn main() {}
