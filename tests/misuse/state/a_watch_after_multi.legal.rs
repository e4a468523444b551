use typedis::Client;

pub async fn example(client: &Client) -> typedis::Result<()> {
    let tx = client.pipeline().watch("key").await?;
    let queue = tx.multi();
    drop(queue);
    Ok(())
}

fn main() {}
