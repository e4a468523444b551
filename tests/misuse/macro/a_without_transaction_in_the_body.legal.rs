use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client.pipeline().without_transaction() => incr("key") }?;
    Ok(())
}

fn main() {}
