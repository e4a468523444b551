use typedis::{key::{List, Str}, keyspace, prelude::*, Client};

keyspace! {
    pub QUEUE: List<u64> = "queue";
    pub DONE: List<u64> = "done";
    pub HITS: Str<i64> = "hits";
}

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.rename(QUEUE, HITS).await?; //~ ERROR this key holds a `typedis::key::Str<i64>`, and the command needs a `SameAs<typedis::key::List<u64>>`
    //~| AT HITS
    Ok(())
}

fn main() {}
