use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let idle = client.pipeline();
    let again = idle.incr("a").discard().await;
    drop(again);
    Ok(())
}

fn main() {}
