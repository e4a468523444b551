use typedis::{key::{List, Str}, keyspace, prelude::*, Client};

keyspace! {
    pub QUEUE: List<u64> = "queue";
    pub DONE: List<u64> = "done";
    pub HITS: Str<i64> = "hits";
}

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.rename(QUEUE, DONE).await?;
    client.copy(HITS, "plain").await?;
    Ok(())
}

fn main() {}
