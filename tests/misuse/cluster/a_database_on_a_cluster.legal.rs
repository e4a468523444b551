use typedis::{ClusterClient, pipeline};

pub async fn example() -> typedis::Result<()> {
    let client = ClusterClient::connect("redis+cluster://localhost:7000/1").await?;
    pipeline! { client => incr("a") }?;
    Ok(())
}

fn main() {}
