use typedis::{key::{List, Str}, keyspace, pipeline, Client};

keyspace! {
    pub QUEUE: List<u64> = "queue";
    pub account(id: u64): Str<i64> = "account:{id}";
}

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client => rpush(QUEUE, 5); incr(account(1)) }?;
    Ok(())
}

fn main() {}
