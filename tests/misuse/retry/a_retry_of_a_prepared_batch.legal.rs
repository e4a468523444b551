use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let batch = pipeline! { get::<String>("a") };
    batch.execute(client).await?;
    Ok(())
}

fn main() {}
