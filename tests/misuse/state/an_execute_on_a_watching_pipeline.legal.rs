use typedis::Client;

pub async fn example(client: &Client) -> typedis::Result<()> {
    let tx = client.pipeline().watch("a").await?;
    let outcome = tx.multi().execute().await?;
    assert!(!outcome.is_conflict());
    Ok(())
}

fn main() {}
