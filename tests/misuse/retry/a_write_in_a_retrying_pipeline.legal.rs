use typedis::{Client, Retry, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let p = client.pipeline().retry_reads(Retry::new());
    p.get::<String>("a").strlen("b").strlen("c").get::<i64>("d").execute().await?;
    Ok(())
}

fn main() {}
