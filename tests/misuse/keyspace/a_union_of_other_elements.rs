use typedis::{Client, Set, SortedSet, keyspace, prelude::*};

keyspace! {
    pub TAGS: Set<String> = "tags";
    pub IDS: Set<u64> = "ids";
    pub RANKED: SortedSet<String> = "ranked";
}

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.sunionstore(TAGS, IDS).await?; //~ ERROR this key holds a `typedis::Set<u64>`, and the command needs a `typedis::Set<ElementsOf<typedis::Set<
    //~| AT IDS
    client.zunionstore(RANKED, (TAGS, IDS)).await?; //~ ERROR this key holds a `typedis::Set<u64>`
    Ok(())
}

fn main() {}
