use typedis::{key::{Set, SortedSet}, keyspace, prelude::*, Client};

keyspace! {
    pub TAGS: Set<String> = "tags";
    pub IDS: Set<u64> = "ids";
    pub RANKED: SortedSet<String> = "ranked";
}

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.zunionstore(RANKED, TAGS).await?;
    Ok(())
}

fn main() {}
