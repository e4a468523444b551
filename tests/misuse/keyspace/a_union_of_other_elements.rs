use typedis::{key::{Set, SortedSet}, keyspace, prelude::*, Client};

keyspace! {
    pub TAGS: Set<String> = "tags";
    pub IDS: Set<u64> = "ids";
    pub RANKED: SortedSet<String> = "ranked";
}

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.sunionstore(TAGS, IDS).await?; //~ ERROR this key holds a `typedis::key::Set<u64>`, and the command needs a `typedis::key::Set<ElementsOf<typedis::key::Set<
    //~| AT IDS
    client.zunionstore(RANKED, (TAGS, IDS)).await?; //~ ERROR this key holds a `typedis::key::Set<u64>`
    Ok(())
}

fn main() {}
