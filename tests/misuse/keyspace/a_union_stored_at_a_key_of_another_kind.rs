use typedis::{key::{Set, SortedSet}, keyspace, prelude::*, Client};

keyspace! {
    pub TAGS: Set<String> = "tags";
    pub IDS: Set<u64> = "ids";
    pub RANKED: SortedSet<String> = "ranked";
}

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.zunionstore(TAGS, TAGS).await?; //~ ERROR and the command needs a `typedis::key::SortedSet<
    //~| AT TAGS
    Ok(())
}

fn main() {}
